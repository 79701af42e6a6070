// What opens from the clock: jump to the next prompt, run a week, jump to a moment; and how far time is while it moves.

import { get, moveClock } from "./api.js";
import { clockMoment } from "./dates.js";
import { anchorPopup, h, spinner, uid } from "./dom.js";
import { icon } from "./icons.js";
import { nameOf, now, store } from "./store.js";
import { epochOf, fromInput, toInput, wallOf } from "./zone.js";

const NAMED = 3; // of those who are asked at once; the rest is counted
const OFFERED = 2;
const TITLES = { week: "Running a week", jump: "Jumping ahead" };

const choice = (picture, label, detail, run) => h("button", { type: "button", class: "clock-choice", onclick: run },
  h("span", { class: "clock-sign" }, icon(picture, 18), spinner()), h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, label), detail));

export class ClockPanel {
  /** be: called with the id of the person that somebody wants to be. */
  constructor(button, holder, be) {
    this.button = button;
    this.holder = holder;
    this.be = be;
  }

  toggle() {
    if (this.node) {
      this.close();
      return;
    }
    this.build();
    this.started = null;
    this.asked = [];
    this.painted = undefined;
    this.holder.append(this.node);
    this.stop = anchorPopup(this.node, this.button, { align: "end" });
    this.outside = (event) => !this.holder.contains(event.target) && this.close();
    addEventListener("pointerdown", this.outside, true);
    this.button.setAttribute("aria-expanded", "true");
    this.paint();
    this.firstChoice().focus();
  }

  close() {
    if (!this.node) return;
    const hadFocus = this.node.contains(document.activeElement);
    this.stop();
    removeEventListener("pointerdown", this.outside, true);
    this.node.remove();
    this.node = null;
    this.button.setAttribute("aria-expanded", "false");
    if (hadFocus) this.button.focus({ preventScroll: true });
  }

  build() {
    const title = uid("clock");
    this.heading = h("strong", { id: title });
    this.trouble = h("p", { class: "clock-trouble", id: uid("clock"), role: "alert" });
    this.still = this.stillPart();
    this.moving = this.movingPart(title);
    this.node = h("div", { class: "clock-panel", role: "dialog", "aria-labelledby": title, onkeydown: (event) => this.onKey(event) },
      h("header", { class: "clock-head" }, this.heading), this.still, this.moving, this.trouble);
  }

  /** While time only ticks: where it may go. */
  stillPart() {
    const field = uid("clock");
    this.nextDetail = h("span", { class: "menu-detail" }, "Looking …");
    this.next = choice("next", "Jump to the next prompt", this.nextDetail, () => this.move(this.next, "next"));
    this.whose = h("div", { class: "clock-whose", role: "status" });
    this.week = choice("forward", "Run a week", h("span", { class: "menu-detail" }, "Takes half a minute; your colleagues answer"), () => this.move(this.week, "week"));
    this.field = h("input", { type: "datetime-local", class: "text-input", id: field, min: toInput(now()), value: toInput(tomorrowMorning()), "aria-describedby": this.trouble.id, oninput: () => this.complain("") });
    this.jump = h("button", { type: "submit", class: "button" }, h("span", {}, "Jump"), spinner());
    const form = h("form", { class: "clock-jump", novalidate: true, onsubmit: (event) => this.jumpTo(event) }, h("label", { for: field }, "Jump to …"), h("div", { class: "clock-row" }, this.field, this.jump));
    return h("div", { class: "clock-still" }, this.next, this.whose, this.week, form);
  }

  /** While it moves: how far it is, and a way to stop it. */
  movingPart(title) {
    this.bar = h("div", { class: "clock-bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-labelledby": title }, h("span", {}));
    this.percent = h("span", { class: "clock-percent" });
    this.where = h("span", { class: "clock-where" });
    this.halt = h("button", { type: "button", class: "button", onclick: () => this.move(this.halt, "stop") }, h("span", {}, icon("stop", 16), "Stop"), spinner());
    return h("div", { class: "clock-moving" }, h("div", { class: "clock-row" }, this.bar, this.percent), h("div", { class: "clock-row clock-end" }, this.where, this.halt));
  }

  /** Called each second, and whenever time jumps. */
  paint() {
    if (!this.node) return;
    const { run } = store.clock;
    const isStep = run?.kind === "next"; // over in a moment: a wheel on its button is enough
    const isLong = Boolean(run) && !isStep;
    const changed = this.painted !== (run?.kind ?? null);
    const hadFocus = this.node.contains(document.activeElement);
    this.painted = run?.kind ?? null;
    this.still.hidden = isLong;
    this.moving.hidden = !isLong;
    this.next.toggleAttribute("data-busy", isStep);
    const zone = store.me?.tz ? ` in ${store.me.tz.split("/").at(-1).replaceAll("_", " ")}` : "";
    this.heading.textContent = isLong ? TITLES[run.kind] : `It is ${clockMoment(now())}${zone}`;
    this.field.min = toInput(now());
    if (isLong) this.paintRun(run);
    if (!changed) return;
    if (run) this.complain("");
    else this.learnNext();
    if (hadFocus) this.firstChoice().focus();
  }

  paintRun(run) {
    const percent = Math.round(run.share * 100);
    this.bar.firstChild.style.width = `${percent}%`;
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.bar.setAttribute("aria-valuetext", `${percent} percent, ${clockMoment(now())}`);
    this.percent.textContent = `${percent} %`;
    this.where.textContent = clockMoment(now());
  }

  firstChoice() {
    const wish = this.moving.hidden ? (this.started ?? this.next) : this.halt;
    return wish.disabled ? this.week : wish;
  }

  /** Ask when the next prompt is; the answer may come when the panel is long closed. */
  async learnNext() {
    const { nextDetail, next } = this;
    const found = await get("/sandbox/clock").catch((refused) => ({ words: refused.message }));
    if (found.run) return;
    if (!found.next && document.activeElement === next) this.week.focus();
    next.disabled = !found.next;
    const asks = usersOf(found.people);
    nextDetail.textContent = found.next ? [clockMoment(found.next), ...(asks.length ? [listNames(asks)] : [])].join(" · ") : (found.words ?? "Nothing is planned");
    this.showWhose(this.asked ?? [], asks);
    this.following = asks;
    this.field.value = toInput(Math.max(fromInput(this.field.value) ?? 0, tomorrowMorning()));
  }

  /** Whose prompt it was or will be, and a way to be one of them. */
  showWhose(asked, asks) {
    const people = asked.length ? asked : asks;
    const offered = people.filter((user) => user.id !== store.me?.id).slice(0, OFFERED);
    const words = asked.length ? `Asked just now: ${listNames(asked)}.` : "";
    this.whose.replaceChildren(...(words ? [h("span", {}, words)] : []), ...offered.map((user) => h("button", { type: "button", class: "button", onclick: () => this.become(user) }, `Be ${nameOf(user)}`)));
  }

  become(user) {
    this.close();
    this.be(user.id);
  }

  jumpTo(event) {
    event.preventDefault();
    const to = fromInput(this.field.value);
    if (to === null) return this.complain("Please choose a day and a time.", this.field);
    if (to <= now()) return this.complain(`That moment is over: it is ${clockMoment(now())} already.`, this.field);
    return this.move(this.jump, "jump", { to });
  }

  async move(button, verb, body) {
    this.complain("");
    if (button !== this.halt) this.started = button; // where the focus comes back to
    if (button !== this.halt) this.asked = button === this.next ? this.following : [];
    button.setAttribute("data-busy", "");
    try {
      await moveClock(verb, body);
    } catch (refused) {
      this.complain(refused.message);
    } finally {
      if (button !== this.next) button.removeAttribute("data-busy");
      this.paint();
    }
  }

  complain(words, field = null) {
    this.trouble.replaceChildren(...(words ? [icon("warning", 15), h("span", {}, words)] : []));
    this.field.setAttribute("aria-invalid", String(Boolean(words && field)));
    field?.focus();
  }

  onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }
}

const usersOf = (ids) => (ids ?? []).map((id) => store.users.get(id)).filter(Boolean);

/** "you, Noor and Jonas", and of many "Ada, Elena, Jonas and 2 more". */
function listNames(people) {
  const names = [...people].sort((a, b) => (b.id === store.me?.id) - (a.id === store.me?.id)).map((user) => (user.id === store.me?.id ? "you" : nameOf(user)));
  const shown = names.length > NAMED + 1 ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown.join("");
}

function tomorrowMorning() {
  const { year, month, day } = wallOf(now());
  return epochOf({ year, month, day: day + 1, hour: 9 });
}
