// A list of messages: day dividers, groups of one author, the "New" line, and a view that sticks to the bottom.

import { dayDivider, dayKey } from "./dates.js";
import { h, reconcile, spinner } from "./dom.js";
import { icon } from "./icons.js";
import { authorOf, messageNode, SYSTEM } from "./message.js";
import { store } from "./store.js";

const GROUP_SECONDS = 300;
const NEAR = 80;

const joins = (before, message) =>
  before && !message.is_ephemeral && !before.is_ephemeral && !SYSTEM.has(message.subtype) && !SYSTEM.has(before.subtype) && message.subtype !== "thread_broadcast"
  && authorOf(before).id === authorOf(message).id && authorOf(before).name === authorOf(message).name && message.ts - before.ts < GROUP_SECONDS && dayKey(before.ts) === dayKey(message.ts);

const dayItem = (ts) => ({
  key: `day ${dayKey(ts)}`,
  sig: dayDivider(ts),
  make: () => h("div", { class: "day", role: "separator", "aria-label": dayDivider(ts) }, h("span", {}, dayDivider(ts))),
});

const repliesWords = (count) => (count === 1 ? "1 reply" : `${count} replies`);

const repliesItem = (count) => ({
  key: "replies",
  sig: count,
  make: () => h("div", { class: "replies-line", role: "separator", "aria-label": repliesWords(count) }, h("span", {}, repliesWords(count))),
});

const newItem = { key: "new", sig: "", make: () => h("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", {}, "New")) };

export class MessageList {
  /** options: {label, onOpenThread, onDismiss, inThread, intro} */
  constructor(options) {
    this.options = options;
    this.inner = h("div", { class: "messages-inner" });
    this.pill = h("button", { type: "button", class: "new-pill", hidden: true, onclick: () => this.toBottom() }, icon("down", 14), "New messages");
    this.scroller = h("div", { class: "messages", role: "log", "aria-label": options.label, "aria-live": "off", tabindex: "-1", onscroll: () => this.onScroll(), onkeydown: (event) => this.onKey(event) }, this.inner);
    this.node = h("div", { class: "messages-box" }, this.scroller, this.pill, spinner());
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.inner);
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.scroller);
    this.stuck = true;
  }

  show(channel, messages, { newAfter = null } = {}) {
    const fresh = this.channel !== channel;
    if (fresh) this.inner.kept = undefined;
    if (fresh) setTimeout(() => this.scroller.setAttribute("aria-live", "polite"), 1000); // what was there before is not news
    this.channel = channel;
    const grown = messages.length > (this.count ?? 0);
    this.count = messages.length;
    reconcile(this.inner, [this.introItem(channel), ...this.items(channel, messages, newAfter)].filter(Boolean));
    this.rove();
    if (fresh || this.stuck) this.toBottom();
    else if (grown && messages.at(-1)?.user !== store.me?.id) this.pill.hidden = false;
  }

  waiting(isWaiting) {
    this.node.toggleAttribute("data-busy", isWaiting);
  }

  introItem(channel) {
    if (!this.options.intro) return null;
    const words = this.options.intro(channel);
    return { key: "intro", sig: channel + words.sig, make: words.make };
  }

  items(channel, messages, newAfter) {
    const items = [];
    let before = null;
    let marked = false;
    for (const message of messages) {
      if (!before || dayKey(before.ts) !== dayKey(message.ts)) items.push(dayItem(message.ts));
      const isNew = !marked && newAfter !== null && Number(message.ts) > Number(newAfter) && message.user !== store.me.id && !message.is_ephemeral;
      if (isNew) items.push(newItem);
      const isFirstReply = Boolean(this.options.inThread) && before === messages[0];
      if (isFirstReply) items.push(repliesItem(messages.length - 1));
      marked ||= isNew;
      items.push(this.item(channel, message, !isNew && !isFirstReply && Boolean(joins(before, message))));
      before = message;
    }
    return items;
  }

  item(channel, message, compact) {
    return {
      key: message.ts,
      sig: `${store.me.id}${store.people.length}${compact}${JSON.stringify(message)}`,
      make: () => messageNode(message, { ...this.options, channel, compact }),
    };
  }

  toBottom() {
    this.stuck = true;
    this.pill.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.size = this.sizeNow();
  }

  /** Bring one message before the reader's eyes; false when it is not in the list. */
  reveal(ts) {
    const node = this.inner.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return false;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    node.addEventListener("animationend", () => node.classList.remove("found"), { once: true });
    this.rove(node);
    node.focus({ preventScroll: true });
    return true;
  }

  sizeNow() {
    return `${this.scroller.scrollHeight} ${this.scroller.clientHeight}`;
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (this.stuck && this.size !== this.sizeNow()) return; // the window or a message changed its size, nobody scrolled: the observers follow
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.stuck) this.pill.hidden = true;
  }

  /** One stop for Tab in the whole list; arrows walk from message to message. */
  rove(current = null) {
    const all = [...this.inner.querySelectorAll(":scope > article")];
    const focused = current ?? all.find((node) => node.contains(document.activeElement)) ?? all.at(-1);
    for (const node of all) node.tabIndex = node === focused ? 0 : -1;
    return all;
  }

  onKey(event) {
    if (!event.target.matches("article") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const all = this.rove();
    const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    this.rove(next);
    next.focus();
  }
}
