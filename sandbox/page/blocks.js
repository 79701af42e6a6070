// Block Kit's blocks. A block is redrawn only when its own JSON changed, so that an update leaves the rest alone.

import { isSelect } from "./choices.js";
import { h, reconcile, uid } from "./dom.js";
import { renderElement, unsupported } from "./elements.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { pictureSource } from "./pictures.js";
import { richText } from "./richtext.js";

const keyOf = (block, index) => block.block_id || `block-${index}`;

function control(block, element, surface, extra = {}) {
  return renderElement({ element, blockId: block.block_id, surface, dispatch: true, optional: true, clearable: false, ...extra });
}

const text = (value) => h("div", { class: "text", dir: "auto" }, textNodes(value));

function section(block, surface) {
  const name = block.accessory?.placeholder ? "" : textWords(block.text);
  const accessory = block.accessory && h("div", { class: `accessory accessory-${block.accessory.type}` }, control(block, block.accessory, surface, { name }));
  return h("div", { class: `block section${isWide(block.accessory) ? " section-stacked" : ""}` },
    h("div", { class: "section-text" }, block.text && text(block.text), block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field" }, text(field))))),
    accessory);
}

const isWide = (element) => element && (element.type === "checkboxes" || element.type === "radio_buttons" || element.type.startsWith("multi_"));

function context(block) {
  const parts = block.elements.map((part) => (part.type === "image" ? h("img", { class: "context-image", src: pictureSource(part), alt: part.alt_text }) : h("span", { class: "context-text", dir: "auto" }, textNodes(part))));
  return h("div", { class: "block context" }, parts);
}

function actions(block, surface) {
  return h("div", { class: "block actions", role: "group", "aria-label": "Actions" }, block.elements.map((element) => h("div", { class: `action action-${element.type}${isSelect(element) ? " action-select" : ""}` }, control(block, element, surface))));
}

function image(block) {
  const source = pictureSource(block);
  const picture = h("a", { href: source, target: "_blank", rel: "noopener", class: "picture", title: block.alt_text }, h("img", { src: source, alt: block.alt_text, loading: "lazy" }));
  return h("figure", { class: "block image-block" }, block.title && h("figcaption", { class: "image-title" }, textNodes(block.title)), picture);
}

function table(block) {
  const align = (index) => block.column_settings?.[index]?.align;
  const cell = (part) => (part.type === "rich_text" ? richText(part) : textNodes({ type: "plain_text", text: part.text ?? String(part.value ?? "") }));
  const row = (parts, tag) => h("tr", {}, parts.map((part, index) => h(tag, { style: align(index) ? `text-align:${align(index)}` : null, dir: "auto" }, cell(part))));
  const [head, ...rest] = block.rows ?? [];
  return h("div", { class: "block table-wrap" }, h("table", { class: "table" }, h("thead", {}, head && row(head, "th")), h("tbody", {}, rest.map((parts) => row(parts, "td")))));
}

/** A labelled field: label, "(optional)", the element, its hint and the place where its error will stand. */
function input(block, surface) {
  const { element } = block;
  const labelId = uid("label");
  const fieldId = uid("field");
  const hintId = block.hint && uid("hint");
  const errorId = uid("error");
  const isGroup = element.type === "checkboxes" || element.type === "radio_buttons";
  const node = control(block, element, surface, {
    dispatch: Boolean(block.dispatch_action), optional: Boolean(block.optional), clearable: Boolean(block.optional), id: fieldId, labelledBy: labelId, name: textWords(block.label),
    describedBy: [hintId, errorId].filter(Boolean).join(" "),
  });
  const error = h("div", { class: "field-error", id: errorId, "data-error": block.block_id });
  return h("div", { class: "block input-block" },
    h(isGroup ? "div" : "label", { class: "field-label", for: isGroup ? null : fieldId }, h("span", { id: labelId, dir: "auto" }, textNodes(block.label)), block.optional && h("span", { class: "optional" }, " (optional)")),
    node, error, block.hint && h("div", { class: "field-hint", id: hintId, dir: "auto" }, textNodes(block.hint)));
}

const MAKERS = {
  section,
  context,
  actions,
  input,
  table,
  image,
  header: (block) => h("h3", { class: "block header-block", dir: "auto" }, textNodes(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  rich_text: (block) => h("div", { class: "block rich-text" }, richText(block)),
  markdown: (block) => h("div", { class: "block markdown" }, markdown(block.text)),
};

function renderBlock(block, surface) {
  const node = MAKERS[block.type]?.(block, surface) ?? unsupported(`“${block.type}” blocks`);
  node.dataset.blockId = block.block_id ?? "";
  return node;
}

/** Show `blocks` in `root`. `version` redraws everything when it changes (names of people, for example). */
export function renderBlocks(root, blocks, surface, version = "") {
  root.classList.add("blocks");
  reconcile(root, blocks.map((block, index) => ({
    key: `${keyOf(block, index)} ${block.type}`,
    sig: `${version}${JSON.stringify(block)}`,
    make: () => renderBlock(block, surface),
  })));
  paintErrors(root, surface.errors);
}

/** Errors come and go without redrawing a field in which somebody is typing. */
export function paintErrors(root, errors) {
  for (const slot of root.querySelectorAll("[data-error]")) {
    const message = errors[slot.dataset.error] ?? "";
    const block = slot.closest(".block");
    if (slot.textContent !== message) slot.replaceChildren(...(message ? [icon("warning", 15), h("span", { role: "alert" }, message)] : []));
    block.classList.toggle("has-error", Boolean(message));
    for (const field of block.querySelectorAll("input, textarea")) field.setAttribute("aria-invalid", String(Boolean(message)));
  }
}

export function focusFirstField(root) {
  const wished = root.querySelector("[data-autofocus]");
  const field = wished ?? root.querySelector("input, textarea") ?? root.querySelector("button, a[href]");
  field?.focus({ preventScroll: field !== wished });
  return Boolean(field);
}

export function focusError(root) {
  root.querySelector(".has-error input, .has-error textarea, .has-error button")?.focus();
}

