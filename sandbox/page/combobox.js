// One accessible combobox for every select: type to filter, arrows and Enter to pick, chips when many may be picked.

import { anchorPopup, debounce, h, spinner, uid } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN = 100;

export class Combobox {
  /** settings: {name, labelledBy, describedBy, id, fk, placeholder, multi, max, load, external, minQuery, clearable, selected, onPick, onCommit} */
  constructor(settings) {
    this.settings = settings;
    this.items = settings.selected;
    this.groups = [];
    this.options = [];
    this.active = -1;
    this.loads = 0;
    this.isOpen = false;
    this.build();
    this.paint();
    this.searchSoon = debounce(250, () => this.search());
  }

  build() {
    const { settings } = this;
    this.list = h("div", { class: "listbox", role: "listbox", popover: "manual", id: uid("list"), "aria-label": settings.name, "aria-multiselectable": settings.multi ? "true" : null });
    this.input = h("input", {
      class: "combo-input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", id: settings.id, "data-fk": settings.fk,
      "aria-expanded": "false", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": this.list.id,
      "aria-label": settings.labelledBy ? null : settings.name, "aria-labelledby": settings.labelledBy, "aria-describedby": settings.describedBy,
      oninput: () => this.onInput(), onclick: () => this.open(), onkeydown: (event) => this.onKey(event), onblur: () => this.close(),
    });
    this.chips = h("span", { class: "chips" });
    this.clear = h("button", { type: "button", class: "combo-clear", "aria-label": `Clear ${settings.name ?? "selection"}`, onclick: () => this.choose([]) }, icon("close", 14));
    this.node = h("div", { class: `combo${settings.multi ? " combo-multi" : ""}`, onmousedown: (event) => this.onMouse(event) },
      settings.multi && this.chips, this.input, settings.clearable && this.clear, h("span", { class: "combo-caret" }, icon("caret", 16)), this.list);
  }

  onMouse(event) {
    if (event.target === this.input || event.target.closest("button")) return;
    event.preventDefault(); // a press on a chip, the arrow or an option must not take the focus from the input
    if (this.list.contains(event.target)) return;
    this.input.focus();
    this.open();
  }

  paint() {
    const { multi, placeholder } = this.settings;
    if (multi) this.chips.replaceChildren(...this.items.map((item) => this.chip(item)));
    if (!this.isOpen) this.input.value = multi ? "" : (this.items[0]?.label ?? "");
    this.input.placeholder = multi && this.items.length ? "" : (placeholder ?? "");
    this.clear.hidden = !this.items.length;
  }

  chip(item) {
    const remove = () => {
      this.choose(this.items.filter((other) => other.key !== item.key));
      this.input.focus();
    };
    return h("span", { class: "chip" }, item.picture?.(), h("span", { class: "chip-label" }, item.nodes?.() ?? item.label),
      h("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${item.label}`, onclick: remove }, icon("close", 12)));
  }

  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.before = this.items;
    this.query = "";
    if (!this.settings.multi) this.input.select();
    this.input.setAttribute("aria-expanded", "true");
    this.stop = anchorPopup(this.list, this.node, { matchWidth: true });
    this.search();
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.loads += 1;
    this.searchSoon.cancel();
    this.stop();
    this.list.hidePopover?.();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.paint();
    this.commit();
  }

  onInput() {
    const typed = this.input.value;
    this.open();
    this.query = typed;
    if (this.settings.external) this.searchSoon();
    else this.search();
  }

  async search() {
    const { external, minQuery = 0, load } = this.settings;
    const turn = ++this.loads;
    if (external && this.query.length < minQuery) {
      this.note(minQuery === 1 ? "Type to search" : `Type at least ${minQuery} characters to search`);
      return;
    }
    const answer = load(this.query);
    const waiting = answer instanceof Promise && setTimeout(() => this.note("Loading…", true), this.groups.length ? 300 : 0);
    try {
      const groups = await answer;
      if (turn === this.loads) this.show(external ? groups : this.matching(groups));
    } catch {
      if (turn === this.loads) this.note("The options could not be loaded");
    } finally {
      clearTimeout(waiting);
    }
  }

  matching(groups) {
    const query = this.query.trim().toLowerCase();
    const fits = (option) => `${option.label} ${option.words ?? ""}`.toLowerCase().includes(query);
    return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
  }

  note(words, busy = false) {
    this.groups = [];
    this.options = [];
    this.list.replaceChildren(h("div", { class: "option-note", role: "option", "aria-disabled": "true", "aria-selected": "false" }, busy && spinner(), words));
  }

  show(groups) {
    this.groups = groups;
    this.options = groups.flatMap((group) => group.options).slice(0, SHOWN);
    if (!this.options.length) return this.note("No results");
    let index = 0;
    const nodes = groups.map((group) => {
      const rows = group.options.slice(0, Math.max(0, SHOWN - index)).map((option) => this.row(option, index++));
      if (!group.label) return rows;
      return h("div", { role: "group", "aria-label": group.label }, h("div", { class: "option-group", role: "presentation" }, group.label), rows);
    });
    this.list.replaceChildren(...nodes.flat());
    this.list.scrollTop = 0;
    const picked = this.settings.multi ? -1 : this.options.findIndex((option) => option.key === this.items[0]?.key);
    this.point(this.query || picked < 0 ? 0 : picked);
    return undefined;
  }

  row(option, index) {
    const selected = this.items.some((item) => item.key === option.key);
    const detailId = option.detail && uid("detail");
    return h("div", {
      class: "option", role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(selected), "aria-label": option.label, "aria-describedby": detailId,
      onclick: () => this.pick(option), onmousemove: () => this.point(index, false),
    }, option.picture?.(), h("span", { class: "option-words" }, h("span", { class: "option-label", dir: "auto" }, option.nodes?.() ?? option.label), option.detail && h("span", { class: "option-detail", id: detailId }, option.detail())), selected && icon("check", 16));
  }

  point(index, scroll = true) {
    this.rows().forEach((row, at) => row.classList.toggle("active", at === index));
    this.active = index;
    const row = this.rows()[index];
    if (!row) return;
    this.input.setAttribute("aria-activedescendant", row.id);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }

  rows() {
    return [...this.list.querySelectorAll(".option")];
  }

  onKey(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) {
      event.preventDefault();
      if (!this.isOpen) this.open();
      else if (this.options.length) this.point((this.active + moves[event.key] + this.options.length) % this.options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (!this.isOpen) this.open();
      else if (this.options[this.active]) this.pick(this.options[this.active]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.settings.multi && !this.input.value && this.items.length) {
      this.choose(this.items.slice(0, -1));
    }
  }

  pick(option) {
    if (!this.settings.multi) {
      this.before = this.items;
      this.items = [option];
      this.settings.onPick(this.items);
      this.close();
      return;
    }
    const had = this.items.some((item) => item.key === option.key);
    if (!had && this.settings.max && this.items.length >= this.settings.max) return;
    this.choose(had ? this.items.filter((item) => item.key !== option.key) : [...this.items, option]);
    this.input.value = "";
    if (this.query) {
      this.query = "";
      this.search();
    } else {
      this.repaintRows();
    }
  }

  repaintRows() {
    const top = this.list.scrollTop;
    const active = this.active;
    this.show(this.groups);
    this.list.scrollTop = top;
    this.point(active, false);
  }

  choose(items) {
    if (!this.isOpen) this.before = this.items;
    this.items = items;
    this.settings.onPick(items);
    this.paint();
    if (!this.isOpen) this.commit();
    else if (this.settings.multi) this.repaintRows();
  }

  /** Tell the app once, when the list closes, as Slack does; a "no" in the confirm dialog puts the old pick back. */
  async commit() {
    const keys = (items) => items.map((item) => item.key).join("\n");
    const before = this.before ?? this.items;
    this.before = this.items;
    if (keys(before) === keys(this.items)) return;
    if ((await this.settings.onCommit(this.items)) === false) {
      this.items = before;
      this.before = before;
      this.settings.onPick(before);
      this.paint();
    }
  }
}
