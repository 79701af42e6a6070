// Text, e-mail, link and number inputs.

import { debounce, h, spinner } from "./dom.js";
import { textWords } from "./mrkdwn.js";

const COUNT_FROM = 0.8;

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.4)}px`;
}

/** How many characters are left, once that starts to matter; red and below zero past the end. */
function counter(element) {
  const node = h("span", { class: "counter", "aria-live": "polite" });
  const paint = (length) => {
    const left = element.max_length - length;
    node.textContent = length >= element.max_length * COUNT_FROM ? String(left) : "";
    node.classList.toggle("over", left < 0);
  };
  return { node, paint };
}

function dispatcher(ctx) {
  const when = ctx.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = (node) => ctx.surface.press(ctx.blockId, ctx.element, node.closest(".field-box"), node.value);
  const soon = debounce(400, send);
  return {
    typed: (node) => ctx.dispatch && when.includes("on_character_entered") && soon(node),
    enter: (event, node) => {
      if (!ctx.dispatch || event.key !== "Enter" || event.shiftKey || !when.includes("on_enter_pressed")) return;
      event.preventDefault();
      event.stopPropagation();
      send(node);
    },
  };
}

export function textInput(ctx, type) {
  const { element, blockId, surface } = ctx;
  const multiline = Boolean(element.multiline);
  const count = element.max_length ? counter(element) : null;
  const tell = dispatcher(ctx);
  const onInput = () => {
    surface.set(blockId, element, { value: node.value === "" ? null : node.value });
    count?.paint(node.value.length);
    if (multiline) grow(node);
    tell.typed(node);
  };
  const node = h(multiline ? "textarea" : "input", {
    class: "text-input", type: multiline ? null : type === "number" ? "text" : type, inputmode: type === "number" ? "decimal" : null, rows: multiline ? 3 : null,
    id: ctx.id, dir: "auto", autocomplete: "off", placeholder: textWords(element.placeholder) || null, "data-fk": `${blockId} ${element.action_id}`,
    "data-action-id": element.action_id, "data-autofocus": element.focus_on_load, "aria-label": ctx.labelledBy ? null : ctx.name, "aria-labelledby": ctx.labelledBy, "aria-describedby": ctx.describedBy,
    "aria-required": ctx.optional ? null : "true", oninput: onInput, onkeydown: (event) => tell.enter(event, node), value: surface.state(blockId, element).value ?? "",
  });
  count?.paint(node.value.length);
  if (multiline) requestAnimationFrame(() => grow(node));
  return h("div", { class: `field-box${multiline ? " field-box-multi" : ""}` }, node, count?.node, spinner());
}
