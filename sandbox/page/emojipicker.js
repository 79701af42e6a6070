// A small emoji picker: search, arrows, Enter.

import { anchorPopup, h } from "./dom.js";
import { emojiNode, searchEmoji } from "./emoji.js";

const COLUMNS = 8;
let closeCurrent = null;

export function openEmojiPicker(button, onPick, { align = "end" } = {}) {
  closeCurrent?.();
  const grid = h("div", { class: "emoji-grid", role: "listbox", "aria-label": "Emoji" });
  const none = h("div", { class: "emoji-none", role: "status" });
  const input = h("input", { class: "text-input", type: "search", placeholder: "Name of an emoji", "aria-label": "Search emoji", oninput: () => fill() });
  const popup = h("div", { class: "emoji-picker", role: "dialog", "aria-label": "Emoji picker", onkeydown: (event) => onKey(event) }, input, grid, none);

  const close = () => {
    if (closeCurrent !== close) return;
    closeCurrent = null;
    stop();
    removeEventListener("pointerdown", outside, true);
    popup.remove();
  };
  const finish = (name) => {
    close();
    button.focus({ preventScroll: true });
    if (name) onPick(name);
  };
  const outside = (event) => !popup.contains(event.target) && close();
  const cell = (name) => h("button", { type: "button", class: "emoji-cell", role: "option", "aria-selected": "false", "aria-label": name, title: `:${name}:`, onclick: () => finish(name) }, emojiNode(name));
  const fill = () => {
    const names = searchEmoji(input.value);
    grid.replaceChildren(...names.map(cell));
    none.textContent = names.length ? "" : `No emoji is called “${input.value.trim()}”.`;
  };
  const onKey = (event) => {
    const cells = [...grid.children];
    const at = cells.indexOf(document.activeElement);
    const steps = { ArrowRight: at < 0 ? 0 : 1, ArrowLeft: at < 0 ? 0 : -1, ArrowDown: at < 0 ? 1 : COLUMNS, ArrowUp: at < 0 ? 0 : -COLUMNS };
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      finish(null);
    } else if (event.key === "Enter" && at < 0 && cells[0]) {
      event.preventDefault();
      cells[0].click();
    } else if (steps[event.key]) {
      event.preventDefault();
      (cells[at + steps[event.key]] ?? input).focus();
    }
  };

  fill();
  (button.closest("[data-menus]") ?? button.parentNode).append(popup);
  const stop = anchorPopup(popup, button, { align });
  addEventListener("pointerdown", outside, true);
  closeCurrent = close;
  input.focus();
}
