// Where people write: Enter sends, Shift+Enter breaks the line, "/" "@" "#" ":" offer what they mean.

import { act } from "./api.js";
import { anchorPopup, h, spinner, uid } from "./dom.js";
import { openEmojiPicker } from "./emojipicker.js";
import { emojiFor } from "./emoji.js";
import { hedgehog, icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { escapeText } from "./mrkdwn.js";
import { noteLocally, store } from "./store.js";
import { commandOf, encode, suggestionsFor } from "./suggest.js";
import { toast } from "./toast.js";

const drafts = new Map();

export class Composer {
  /** target(): {channel, threadTs}; label names the text box. */
  constructor({ target, label }) {
    this.target = target;
    this.key = [store.me.id, ...Object.values(target())].join(" ");
    this.offer = null;
    this.build(label);
    this.area.value = drafts.get(this.key) ?? "";
    requestAnimationFrame(() => this.grow());
  }

  build(label) {
    this.list = h("div", { class: "suggestions", role: "listbox", id: uid("suggestions"), hidden: true });
    this.area = h("textarea", {
      rows: 1, dir: "auto", placeholder: label, "aria-label": label, "aria-autocomplete": "list", "aria-controls": this.list.id, enterkeyhint: "send",
      oninput: () => this.onInput(), onkeydown: (event) => this.onKey(event), onblur: () => this.dropOffer(), onclick: () => this.look(),
    });
    this.hint = h("div", { class: "command-hint", hidden: true, "aria-live": "polite" });
    const tool = (name, picture, run) => h("button", { type: "button", class: "tool", "aria-label": name, title: name, onclick: run }, picture);
    this.send = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send", disabled: true }, icon("send"), spinner());
    const shortcuts = tool("Shortcuts", icon("bolt"), (event) => this.openShortcuts(event.currentTarget));
    shortcuts.setAttribute("aria-haspopup", "menu");
    this.box = h("div", { class: "composer-box" }, this.area,
      h("div", { class: "composer-tools" }, shortcuts,
        tool("Mention somebody", icon("mention"), () => this.insert("@")),
        tool("Emoji", icon("smile"), (event) => openEmojiPicker(event.currentTarget, (name) => this.insert(`${emojiFor(name) ? `:${name}: ` : ""}`))),
        h("span", { class: "grow" }), this.send));
    this.node = h("form", { class: "composer", "data-menus": "", onsubmit: (event) => this.submit(event) }, this.hint, this.box, this.list);
  }

  focus() {
    this.area.focus({ preventScroll: true });
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, innerHeight * 0.4)}px`;
    this.send.disabled = !this.area.value.trim();
  }

  onInput() {
    drafts.set(this.key, this.area.value);
    this.grow();
    this.look();
    this.showHint();
  }

  look() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const offer = suggestionsFor(before, { commandsToo: !this.target().threadTs });
    if (offer) this.showOffer(offer);
    else this.dropOffer();
  }

  showHint() {
    const known = /^\/\S+\s/.test(this.area.value) && commandOf(this.area.value);
    this.hint.hidden = !known;
    if (known) this.hint.replaceChildren(h("strong", {}, known.command), " ", h("code", {}, known.usage_hint ?? ""), h("span", { class: "detail" }, known.description ?? ""));
  }

  showOffer(offer) {
    this.offer = { ...offer, active: 0 };
    this.list.setAttribute("aria-label", offer.name);
    this.list.replaceChildren(h("div", { class: "suggestions-head", role: "presentation" }, offer.name), ...offer.items.map((item, index) => this.row(item, index)));
    this.list.hidden = false;
    this.stop?.();
    this.stop = anchorPopup(this.list, this.box, { matchWidth: true });
    this.paintActive();
  }

  row(item, index) {
    return h("div", { class: "suggestion", role: "option", id: `${this.list.id}-${index}`, "aria-label": item.label, onmousedown: (event) => event.preventDefault(), onclick: () => this.accept(index) },
      item.picture, h("span", { class: "suggestion-label" }, item.label), item.hint && h("code", { class: "suggestion-hint" }, item.hint), item.detail && h("span", { class: "suggestion-detail" }, item.detail));
  }

  paintActive() {
    const rows = [...this.list.querySelectorAll(".suggestion")];
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.offer.active)));
    const row = rows[this.offer.active];
    this.area.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  dropOffer() {
    if (!this.offer) return;
    this.offer = null;
    this.stop();
    this.list.hidePopover?.();
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  accept(index) {
    const { from, items } = this.offer;
    const { value, selectionStart } = this.area;
    this.area.value = value.slice(0, from) + items[index].insert + value.slice(selectionStart);
    this.area.selectionStart = this.area.selectionEnd = from + items[index].insert.length;
    this.focus();
    this.dropOffer();
    this.onInput();
  }

  insert(text) {
    this.area.focus();
    const { value, selectionStart, selectionEnd } = this.area;
    const space = text === "@" && selectionStart && !/\s$/.test(value.slice(0, selectionStart)) ? " " : "";
    this.area.setRangeText(space + text, selectionStart, selectionEnd, "end");
    this.onInput();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.offer && this.keyInOffer(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.node.requestSubmit();
    } else if ((event.ctrlKey || event.metaKey) && "bi".includes(event.key.toLowerCase())) {
      event.preventDefault();
      this.wrap(event.key.toLowerCase() === "b" ? "*" : "_");
    }
  }

  wrap(mark) {
    const { value, selectionStart, selectionEnd } = this.area;
    this.area.setRangeText(mark + value.slice(selectionStart, selectionEnd) + mark, selectionStart, selectionEnd, "end");
    if (selectionStart === selectionEnd) this.area.selectionStart = this.area.selectionEnd = selectionStart + 1;
    this.onInput();
  }

  /** True when the key was meant for the list of suggestions. */
  keyInOffer(event) {
    const { items, active, kind } = this.offer;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.offer.active = (active + step + items.length) % items.length;
      this.paintActive();
      return true;
    }
    if (event.key === "Escape") {
      this.dropOffer();
      return true;
    }
    if ((event.key !== "Enter" && event.key !== "Tab") || event.shiftKey) return false;
    const complete = kind === "command" && event.key === "Enter" && items[active].label === this.area.value.trim();
    if (complete) this.dropOffer();
    else this.accept(active);
    return !complete;
  }

  async submit(event) {
    event.preventDefault();
    const text = this.area.value.trim();
    if (!text || this.busy) return;
    this.dropOffer();
    this.put("");
    this.busy = true;
    this.send.setAttribute("data-busy", "");
    try {
      await this.deliver(text);
    } catch (refused) {
      this.refuse(text, refused);
    } finally {
      this.busy = false;
      this.send.removeAttribute("data-busy");
    }
  }

  deliver(text) {
    const { channel, threadTs } = this.target();
    if (!text.startsWith("/")) return act("say", { channel, text: encode(text), thread_ts: threadTs || undefined });
    const command = text.split(/\s/)[0];
    if (threadTs) throw new Error(`${command} does not work in threads. Use it in the channel.`);
    return act("command", { channel, command, text: text.slice(command.length).trim() });
  }

  refuse(text, refused) {
    const { channel, threadTs } = this.target();
    if (!this.area.value) this.put(text);
    if (text.startsWith("/")) noteLocally(channel, escapeText(refused.message), threadTs);
    else toast(refused.message);
  }

  put(text) {
    this.area.value = text;
    this.onInput();
    this.dropOffer();
  }

  openShortcuts(button) {
    const shortcuts = (store.app?.shortcuts ?? []).filter((shortcut) => shortcut.type === "global");
    const run = (shortcut) => act("shortcut", { callback_id: shortcut.callback_id }).catch((refused) => toast(refused.message));
    const items = shortcuts.map((shortcut) => ({ label: shortcut.name, detail: shortcut.description ?? store.app.name, picture: h("span", { class: "menu-picture" }, hedgehog()), onPick: () => run(shortcut) }));
    const start = { label: "Run a command", detail: "Type / to see them all", picture: h("span", { class: "menu-picture sign" }, "/"), onPick: () => { this.put(""); this.insert("/"); } };
    openMenu(button, [{ heading: "Shortcuts" }, ...items, ...(this.target().threadTs ? [] : ["line", start])], { label: "Shortcuts" });
  }
}
