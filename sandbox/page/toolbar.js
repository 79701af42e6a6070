// What can be done with a message: shown while the pointer or the focus is on it, made only then.

import { act, react } from "./api.js";
import { h } from "./dom.js";
import { emojiNode, quickEmoji } from "./emoji.js";
import { openEmojiPicker } from "./emojipicker.js";
import { hedgehog, icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { unescapeText } from "./mrkdwn.js";
import { store } from "./store.js";
import { toast } from "./toast.js";

export function toolbar(node, context) {
  const make = () => {
    if (!node.querySelector(".toolbar")) node.append(bar(context));
  };
  node.addEventListener("pointerenter", make);
  node.addEventListener("focusin", make);
}

function bar({ message, channel, onOpenThread, inThread }) {
  const tool = (label, picture, run) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: run }, picture);
  const quick = quickEmoji().map((name) => tool(`React with ${name}`, emojiNode(name), () => react(channel, message.ts, name)));
  const find = tool("Add reaction…", icon("react"), (event) => openEmojiPicker(event.currentTarget, (name) => react(channel, message.ts, name)));
  const reply = tool("Reply in thread", icon("reply"), () => onOpenThread(message));
  const more = tool("More actions", icon("dots"), (event) => openMenu(event.currentTarget, moreItems(message, channel), { label: "More actions", align: "end" }));
  more.setAttribute("aria-haspopup", "menu");
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" }, quick, find, !inThread && reply, more);
}

function moreItems(message, channel) {
  const shortcuts = (store.app?.shortcuts ?? []).filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => act("shortcut", { callback_id: shortcut.callback_id, message: { channel, ts: message.ts } }).catch((refused) => toast(refused.message));
  const items = shortcuts.map((shortcut) => ({ label: shortcut.name, detail: store.app.name, picture: h("span", { class: "menu-picture" }, hedgehog()), onPick: () => run(shortcut) }));
  const copy = { label: "Copy text", picture: h("span", { class: "menu-picture" }, icon("copy")), onPick: () => navigator.clipboard?.writeText(unescapeText(message.text ?? "")) };
  return [...items, ...(items.length ? ["line"] : []), copy];
}
