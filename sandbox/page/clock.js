// Top: the workspace's time, as the clock on this person's desk shows it. Where time can be moved, it is a button.

import { ClockPanel } from "./clockpanel.js";
import { clockFace, dayKey } from "./dates.js";
import { h, spinner } from "./dom.js";
import { icon } from "./icons.js";
import { emit, now, openChannel, store } from "./store.js";

const day = h("span", { class: "clock-day" });
const time = h("span", { class: "clock-time" });
const words = h("span", { class: "clock-words" }, h("span", { class: "clock-is" }, "now is "), day, h("span", { class: "clock-comma" }, ", "), time);
const progress = h("span", { class: "clock-progress", hidden: true });
const button = h("button", { type: "button", class: "clock", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => panel.toggle() }, icon("clock", 16), spinner(), words, icon("caret", 14), progress);

const said = h("span", { class: "sr-only", role: "status" });

/** Stays the same node for as long as the page lives, so that its open panel does too. */
export const clockNode = h("div", { class: "clock-slot", id: "clock-slot", hidden: true }, button, said);

let be = () => {};
const panel = new ClockPanel(button, clockNode, (person) => be(person));

/** What the panel does for whoever wants to read a prompt as the person who got it. */
export const onBe = (become) => {
  be = become;
};
let today = null;
let wasMoving = false;

/** Paint what the store says. */
export function showClock() {
  const { control, run } = store.clock;
  clockNode.hidden = !store.me || !control;
  if (clockNode.hidden) return panel.close();
  const face = clockFace(now());
  day.textContent = face.day;
  time.textContent = face.time;
  button.setAttribute("aria-label", `Time: now is ${face.day}, ${face.time}${run ? ", and moving" : ""}`);
  button.toggleAttribute("data-busy", Boolean(run));
  progress.hidden = !run;
  progress.style.setProperty("--share", run?.share ?? 0);
  if (wasMoving && !run) said.textContent = `It is ${face.day}, ${face.time} now.`;
  wasMoving = Boolean(run);
  panel.paint();
  return anotherDay();
}

/** "Today" and "Yesterday" in the list mean other days now. */
function anotherDay() {
  const key = dayKey(now());
  if (today !== null && today !== key && openChannel()) emit("messages", openChannel().id);
  today = key;
}

setInterval(showClock, 1000);
