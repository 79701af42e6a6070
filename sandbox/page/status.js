// A person's status: an emoji, a few words, and until when.

import { act } from "./api.js";
import { clockMoment } from "./dates.js";
import { h, spinner, uid } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { openEmojiPicker } from "./emojipicker.js";
import { icon } from "./icons.js";
import { openLayer } from "./layers.js";
import { now, store } from "./store.js";
import { epochOf, fromInput, toInput, wallOf } from "./zone.js";

const LONGEST = 100;
const DEFAULT = "speech_balloon";

function evening(daysAhead) {
  const { year, month, day } = wallOf(now());
  return epochOf({ year, month, day: day + daysAhead, hour: 23, minute: 59 });
}

const daysToSunday = () => (7 - new Date(epochOf({ ...wallOf(now()), hour: 12 }) * 1000).getUTCDay()) % 7;

const ENDS = {
  never: ["Don’t clear", () => 0],
  half: ["30 minutes", () => now() + 1800],
  hour: ["1 hour", () => now() + 3600],
  today: ["Today", () => evening(0)],
  week: ["This week", () => evening(daysToSunday())],
  choose: ["Choose a day and time", null],
};

export function editStatus(button) {
  const { status_text: text, status_emoji: emojiNow, status_expiration: end } = store.me;
  const ids = { title: uid("status"), words: uid("status"), until: uid("status"), trouble: uid("status") };
  let emoji = emojiNow.replaceAll(":", "");
  const face = h("button", { type: "button", class: "status-face", "aria-label": "Choose an emoji", onclick: () => openEmojiPicker(face, (name) => paint(name)) });
  const words = h("input", { class: "text-input", id: ids.words, value: text, maxlength: String(LONGEST), placeholder: "What’s your status?", "aria-label": "Status", "data-autofocus": true });
  const until = h("select", { class: "text-input", id: ids.until, onchange: () => choose() }, Object.entries(ENDS).map(([key, [label]]) => h("option", { value: key }, label)));
  const day = h("input", { type: "datetime-local", class: "text-input", "aria-label": "Until", min: toInput(now()), value: toInput(end || evening(1)), hidden: true });
  const trouble = h("p", { class: "field-error", id: ids.trouble, role: "alert" });
  const save = h("button", { type: "submit", class: "button primary large" }, h("span", {}, "Save"), spinner());
  const clear = h("button", { type: "button", class: "button large", hidden: !text && !emoji, onclick: () => send("", "", 0) }, "Clear status");
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => close() }, icon("close", 20));

  const paint = (name) => {
    emoji = name;
    face.replaceChildren(emojiNode(name || DEFAULT));
  };
  const choose = () => {
    day.hidden = until.value !== "choose";
  };
  const complain = (sentence) => trouble.replaceChildren(icon("warning", 15), h("span", {}, sentence));
  const send = async (newText, newEmoji, expiration) => {
    save.setAttribute("data-busy", "");
    try {
      await act("status", { text: newText, emoji: newEmoji, expiration });
      close();
    } catch (refused) {
      complain(refused.message);
    } finally {
      save.removeAttribute("data-busy");
    }
  };
  const submit = (event) => {
    event.preventDefault();
    const expiration = until.value === "choose" ? fromInput(day.value) : ENDS[until.value][1]();
    if (expiration === null) return complain("Please choose a day and a time.");
    if (expiration && expiration <= now()) return complain(`That moment is over: it is ${clockMoment(now())} already.`);
    return send(words.value.trim(), words.value.trim() || emoji ? emoji : "", Math.floor(expiration));
  };

  const sheet = h("form", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": ids.title, "data-menus": "", novalidate: true, onsubmit: submit },
    h("header", { class: "sheet-head" }, h("h2", { id: ids.title }, "Set a status"), cross),
    h("div", { class: "sheet-body" },
      h("div", { class: "status-row" }, face, words),
      h("div", { class: "input-block" }, h("label", { class: "field-label", for: ids.until }, "Clear it after"), h("div", { class: "status-until" }, until, day)), trouble),
    h("footer", { class: "sheet-foot" }, clear, save));
  const shut = openLayer(h("div", { class: "backdrop" }, sheet), () => close());
  const close = () => {
    shut();
    if (button.isConnected) button.focus({ preventScroll: true });
  };
  paint(emoji);
  if (end) until.value = "choose";
  choose();
  words.focus();
}
