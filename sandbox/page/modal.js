// The modal stack: one sheet a view, only the top one shown, values kept while views are updated in place.

import { act } from "./api.js";
import { focusError, focusFirstField, paintErrors, renderBlocks } from "./blocks.js";
import { h, spinner, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openLayer, topLayer } from "./layers.js";
import { textNodes } from "./mrkdwn.js";
import { avatar } from "./avatar.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";
import { validate } from "./validate.js";
import { closeMenu } from "./menu.js";

let sheets = [];
let closeBackdrop = null;
let backdrop = null;

/** Show what the server says is on this person's screen. */
export function showModals({ stack = [], errors = {} } = {}) {
  const before = sheets;
  const known = new Map(before.map((sheet) => [sheet.id, sheet]));
  sheets = stack.map((view) => known.get(view.id) ?? new Sheet(view.id));
  const gone = before.filter((sheet) => !sheets.includes(sheet));
  if (gone.length) closeMenu({ refocus: false });
  if (!sheets.length) return dismiss();
  if (!backdrop) raise();
  sheets.forEach((sheet, index) => sheet.update(stack[index], index));
  for (const sheet of gone) sheet.node.remove();
  sheets.at(-1).takeOver(errors, before.at(-1) !== sheets.at(-1));
  return undefined;
}

function raise() {
  backdrop = h("div", { class: "backdrop" });
  closeBackdrop = openLayer(backdrop, () => sheets.at(-1)?.leave(false));
}

function dismiss() {
  closeBackdrop?.();
  closeBackdrop = null;
  backdrop = null;
}

class Sheet {
  constructor(id) {
    this.id = id;
    this.errorVersion = "";
    this.surface = new Surface({ type: "view", view_id: id }, { onTrouble: (words) => this.complain(words) });
    this.surface.onErrors = () => paintErrors(this.body, this.surface.errors);
    this.build();
  }

  build() {
    const titleId = uid("title");
    this.title = h("h2", { id: titleId, class: "sheet-title", dir: "auto" });
    this.back = h("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => this.leave(false) }, icon("back", 20));
    this.cross = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.leave(true) }, icon("close", 20));
    this.body = h("div", { class: "sheet-body" });
    this.trouble = h("div", { class: "sheet-trouble", role: "alert", hidden: true });
    this.cancel = h("button", { type: "button", class: "button large", onclick: () => this.leave(false) });
    this.send = h("button", { type: "submit", class: "button primary large" });
    this.foot = h("footer", { class: "sheet-foot" }, this.cancel, this.send);
    this.node = h("form", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": titleId, tabindex: "-1", novalidate: true, "data-menus": "", onsubmit: (event) => this.submit(event), onkeydown: (event) => this.onKey(event), onfocusin: (event) => this.remember(event.target) },
      h("header", { class: "sheet-head" }, this.back, avatar({ id: store.app?.user_id }, 28), this.title, this.cross), this.body, this.trouble, this.foot);
    if (!backdrop) raise();
    backdrop.append(this.node);
  }

  update(view, depth) {
    const sig = JSON.stringify(view);
    this.depth = depth;
    this.back.hidden = depth === 0;
    if (sig === this.sig) return;
    this.sig = sig;
    this.view = view;
    this.title.replaceChildren(...textNodes(view.title));
    this.cancel.replaceChildren(...textNodes(view.close ?? { type: "plain_text", text: "Cancel" }));
    const hasInput = view.blocks.some((block) => block.type === "input");
    this.send.hidden = !view.submit && !hasInput;
    this.send.replaceChildren(h("span", { class: "button-label" }, ...textNodes(view.submit ?? { type: "plain_text", text: "Submit" })), spinner());
    this.cancel.hidden = !view.close && this.send.hidden;
    this.foot.hidden = this.cancel.hidden && this.send.hidden;
    this.surface.adopt(view.blocks, view.state?.values);
    renderBlocks(this.body, view.blocks, this.surface);
  }

  takeOver(errors, isNew) {
    for (const sheet of sheets) sheet.node.hidden = sheet !== this;
    const version = JSON.stringify(errors ?? {});
    if (version !== this.errorVersion) this.showErrors(errors ?? {});
    this.errorVersion = version;
    const lost = !this.node.contains(document.activeElement) && topLayer() === backdrop;
    if (isNew || (lost && document.activeElement === document.body)) this.focus();
    else if (document.activeElement === this.node) this.focus(); // a "Loading…" view just got its fields
  }

  focus() {
    if (this.last?.isConnected) this.last.focus();
    else if (!focusFirstField(this.body)) this.node.focus();
  }

  showErrors(errors) {
    this.surface.errors = { ...errors };
    paintErrors(this.body, this.surface.errors);
    if (Object.keys(errors).length) focusError(this.body);
  }

  complain(words) {
    this.trouble.hidden = !words;
    this.trouble.replaceChildren(...(words ? [icon("warning", 16), h("span", {}, words)] : []));
  }

  onKey(event) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      this.node.requestSubmit();
    }
  }

  remember(target) {
    if (target !== this.node) this.last = target;
  }

  async submit(event) {
    event.preventDefault();
    if (this.send.hidden || this.busy) return;
    const errors = validate(this.view.blocks, this.surface);
    this.showErrors(errors);
    this.errorVersion = "{}";
    if (Object.keys(errors).length) return;
    await this.whileBusy(this.send, async () => {
      const answer = await act("submit", { view_id: this.id, state: this.surface.values });
      if (answer.errors && Object.keys(answer.errors).length) this.showErrors(answer.errors);
    });
  }

  leave(all) {
    const everything = all && (this.depth > 0 || Boolean(this.view.clear_on_close));
    return this.whileBusy(all ? this.cross : this.cancel, () => act("close", { view_id: this.id, all: everything || Boolean(this.view.clear_on_close) }));
  }

  async whileBusy(button, work) {
    this.complain("");
    this.busy = true;
    button.setAttribute("data-busy", "");
    try {
      await work();
    } catch (refused) {
      this.complain(refused.message);
    } finally {
      this.busy = false;
      button.removeAttribute("data-busy");
    }
  }
}

/** Words of trouble go into the open modal; false when there is none. */
export function complainInModal(words) {
  sheets.at(-1)?.complain(words);
  return sheets.length > 0;
}
