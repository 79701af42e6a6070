// Block Kit's interactive elements. Each maker gets {element, blockId, surface, dispatch, name, labelledBy, describedBy, id, optional}.

import { choicesFor, currentConversation, isExternal, isMulti, isSelect } from "./choices.js";
import { Combobox } from "./combobox.js";
import { h, spinner, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { pictureSource } from "./pictures.js";
import { textInput } from "./textinput.js";
import { dateInput, isDateLike } from "./dateinput.js";

const focusKey = (blockId, element) => `${blockId} ${element.action_id ?? ""}`;

function button(ctx) {
  const { element, blockId, surface } = ctx;
  const style = element.style ? ` ${element.style}` : "";
  const press = () => {
    if (element.url && /^https?:/i.test(element.url)) open(element.url, "_blank", "noopener");
    surface.press(blockId, element, node, null);
  };
  const node = h("button", {
    type: "button", class: `button${style}`, "aria-label": element.accessibility_label, "data-fk": focusKey(blockId, element),
    "data-action-id": element.action_id, onclick: press,
  }, h("span", { class: "button-label" }, textNodes(element.text)), spinner());
  return node;
}

function overflow(ctx) {
  const { element, blockId, surface } = ctx;
  const pick = (option) => {
    if (option.url && /^https?:/i.test(option.url)) open(option.url, "_blank", "noopener");
    surface.press(blockId, element, node, option.value);
  };
  const items = () => element.options.map((option) => ({ label: textNodes(option.text), detail: textWords(option.description), onPick: () => pick(option) }));
  const node = h("button", {
    type: "button", class: "button square", "aria-label": "More options", "aria-haspopup": "menu", "aria-expanded": "false",
    "data-fk": focusKey(blockId, element), "data-action-id": element.action_id, onclick: () => openMenu(node, items(), { label: "More options", align: "end" }),
  }, icon("dots", 18), spinner());
  return node;
}

function select(ctx) {
  const { element, blockId, surface } = ctx;
  const choices = choicesFor(element, surface, blockId);
  const here = currentConversation(element);
  if (here && !choices.selected(surface.state(blockId, element)).length) surface.set(blockId, element, here);
  const combo = new Combobox({
    ...ctx,
    name: ctx.name || textWords(element.placeholder) || "Select an option",
    fk: focusKey(blockId, element),
    placeholder: textWords(element.placeholder) || (isMulti(element) ? "Select options" : "Select an option"),
    multi: isMulti(element),
    max: element.max_selected_items,
    load: choices.load,
    external: isExternal(element),
    minQuery: isExternal(element) ? (element.min_query_length ?? 3) : 0,
    clearable: ctx.clearable && !isMulti(element),
    selected: choices.selected(surface.state(blockId, element)),
    onPick: (items) => surface.set(blockId, element, choices.toState(items)),
    onCommit: (items) => surface.change({ ...ctx, node: combo.node }, choices.toState(items)),
  });
  combo.node.dataset.actionId = element.action_id;
  combo.node.append(spinner());
  return combo.node;
}

/** Checkboxes and radio buttons share their looks; `read` turns the ticked options into state. */
function ticks(ctx, type, read) {
  const { element, blockId, surface } = ctx;
  const group = uid("ticks");
  const state = surface.state(blockId, element);
  const ticked = new Set((state.selected_options ?? [state.selected_option]).filter(Boolean).map((option) => option.value));
  const change = () => {
    const boxes = [...node.querySelectorAll("input")];
    surface.change({ ...ctx, node }, read(element.options.filter((_, index) => boxes[index].checked)));
  };
  const rows = element.options.map((option) => {
    const detailId = option.description && uid("detail");
    return h("label", { class: "tick" },
      h("input", { type, name: group, checked: ticked.has(option.value), value: option.value, "aria-describedby": detailId, "aria-label": textWords(option.text), "data-fk": `${focusKey(blockId, element)} ${option.value}`, onchange: change }),
      h("span", { class: "tick-words" }, h("span", { class: "tick-label", dir: "auto" }, textNodes(option.text)), option.description && h("span", { class: "tick-detail", id: detailId }, textNodes(option.description))));
  });
  const node = h("div", {
    class: "ticks", role: type === "radio" ? "radiogroup" : "group", id: ctx.id, "data-action-id": element.action_id,
    "aria-label": ctx.labelledBy ? null : ctx.name || "Options", "aria-labelledby": ctx.labelledBy, "aria-describedby": ctx.describedBy,
  }, rows, spinner());
  return node;
}

const MAKERS = {
  button,
  workflow_button: button,
  overflow,
  checkboxes: (ctx) => ticks(ctx, "checkbox", (picked) => ({ selected_options: picked })),
  radio_buttons: (ctx) => ticks(ctx, "radio", (picked) => ({ selected_option: picked[0] ?? null })),
  plain_text_input: (ctx) => textInput(ctx, "text"),
  email_text_input: (ctx) => textInput(ctx, "email"),
  url_text_input: (ctx) => textInput(ctx, "url"),
  number_input: (ctx) => textInput(ctx, "number"),
  image: ({ element }) => h("img", { class: "accessory-image", src: pictureSource(element), alt: element.alt_text, loading: "lazy" }),
};

export const unsupported = (kind) => h("div", { class: "unsupported", role: "note" }, icon("warning", 16), `The sandbox does not show ${kind} yet.`);

export function renderElement(ctx) {
  const { element } = ctx;
  if (isSelect(element)) return select(ctx);
  if (isDateLike(element)) return dateInput(ctx);
  return MAKERS[element.type]?.(ctx) ?? unsupported(`“${element.type}” elements`);
}
