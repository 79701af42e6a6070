// Faces: initials on the person's colour; the app has its hedgehog.

import { h } from "./dom.js";
import { hedgehog } from "./icons.js";
import { isApp, nameOf } from "./store.js";

const INKS = ["#8a3b67", "#2f6f8f", "#3d7a4f", "#a2592a", "#5d4aa0", "#9a3f3f", "#3f6aa8", "#7a6a1f"];

function inkFor(user) {
  if (/^#?[0-9a-f]{6}$/i.test(user?.color ?? "")) return `#${user.color.replace("#", "")}`;
  const sum = [...(user?.id ?? "?")].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return INKS[sum % INKS.length];
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

export function avatar(user, size = 36) {
  const style = `--size:${size}px`;
  if (user && isApp(user.id)) return h("span", { class: "avatar avatar-app", style, "aria-hidden": "true" }, hedgehog());
  return h("span", { class: "avatar", style: `${style};background:${inkFor(user)}`, "aria-hidden": "true" }, initials(user ? nameOf(user) : "?"));
}
