// A popup menu: arrows move, letters jump, Esc and a click elsewhere close it.

import { anchorPopup, h } from "./dom.js";
import { icon } from "./icons.js";

let current = null;

export function closeMenu({ refocus = true } = {}) {
  if (!current) return false;
  const { menu, stop, button, outside } = current;
  current = null;
  stop();
  removeEventListener("pointerdown", outside, true);
  const hadFocus = menu.contains(document.activeElement);
  menu.remove();
  button.setAttribute("aria-expanded", "false");
  if (refocus && hadFocus) button.focus({ preventScroll: true });
  return true;
}

/** items: {label, detail, picture, checked, onPick, href} or {heading} or "line". */
export function openMenu(button, items, { label, align = "start", tall = false } = {}) {
  const again = current?.button === button;
  closeMenu();
  if (again) return;
  const menu = h("div", { class: tall ? "menu tall" : "menu", role: "menu", "aria-label": label, onkeydown: (event) => onKey(event, menu) }, items.map(itemNode));
  (button.closest("[data-menus]") ?? button.parentNode).append(menu);
  const outside = (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) closeMenu({ refocus: false });
  };
  addEventListener("pointerdown", outside, true);
  button.setAttribute("aria-expanded", "true");
  current = { menu, button, outside, stop: anchorPopup(menu, button, { align }) };
  (menu.querySelector('[aria-checked="true"]') ?? entries(menu)[0])?.focus();
}

function itemNode(item) {
  if (item === "line") return h("div", { class: "menu-line", role: "separator" });
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const pick = () => {
    closeMenu();
    item.onPick();
  };
  return h("button", { type: "button", class: "menu-item", role, tabindex: "-1", "aria-checked": item.checked === undefined ? null : String(item.checked), onclick: pick },
    item.picture,
    h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label), item.detail && h("span", { class: "menu-detail" }, item.detail)),
    item.checked && icon("check", 16));
}

const entries = (menu) => [...menu.querySelectorAll("[role^=menuitem]")];

function onKey(event, menu) {
  const all = entries(menu);
  const index = all.indexOf(document.activeElement);
  const go = (to) => all.at(to % all.length)?.focus();
  const moves = { ArrowDown: () => go(index + 1), ArrowUp: () => go(index - 1), Home: () => go(0), End: () => go(-1), Tab: () => closeMenu() };
  if (event.key === "Escape") {
    event.stopPropagation();
    event.preventDefault();
    closeMenu();
  } else if (moves[event.key]) {
    event.preventDefault();
    moves[event.key]();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLowerCase();
    const order = [...all.slice(index + 1), ...all.slice(0, index + 1)];
    order.find((item) => item.textContent.trim().toLowerCase().startsWith(letter))?.focus();
  }
}
