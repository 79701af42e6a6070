// Short words at the foot of the page.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const STAYS = 7000;
let last = { words: "", at: 0 };

export function toast(words) {
  if (words === last.words && Date.now() - last.at < 3000) return; // the answer and the stream may both say it
  last = { words, at: Date.now() };
  const node = h("div", { class: "toast" }, icon("warning", 18), h("span", {}, words),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => node.remove() }, icon("close", 16)));
  byId("toasts").append(node);
  setTimeout(() => node.remove(), STAYS);
}
