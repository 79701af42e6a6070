// Light or dark: the system's wish until the person says otherwise.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const THEME = "prickle-sandbox-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => document.documentElement.dataset.theme === "dark";

export function restoreTheme() {
  const apply = () => {
    document.documentElement.dataset.theme = localStorage.getItem(THEME) ?? (dark.matches ? "dark" : "light");
  };
  apply();
  dark.addEventListener("change", apply);
}

export function themeButton() {
  const node = h("button", { type: "button", class: "icon-button", onclick: toggle });
  const paint = () => {
    const words = isDark() ? "Use light colours" : "Use dark colours";
    node.setAttribute("aria-label", words);
    node.title = words;
    node.replaceChildren(icon(isDark() ? "sun" : "moon", 18));
  };
  function toggle() {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem(THEME, document.documentElement.dataset.theme);
    paint();
  }
  paint();
  return node;
}
