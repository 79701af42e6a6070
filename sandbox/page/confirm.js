// The "are you sure" that an element may carry.

import { h, uid } from "./dom.js";
import { openLayer } from "./layers.js";
import { textNodes } from "./mrkdwn.js";

/** Resolves to true when the person goes through with it. */
export function confirm(question, node) {
  return new Promise((resolve) => {
    const titleId = uid("confirm");
    const bodyId = uid("confirm");
    const finish = (answer) => {
      close();
      node?.focus?.({ preventScroll: true });
      resolve(answer);
    };
    const yes = h("button", { type: "button", class: `button ${question.style === "danger" ? "danger" : "primary"}`, onclick: () => finish(true) }, textNodes(question.confirm ?? "Yes"));
    const no = h("button", { type: "button", class: "button", onclick: () => finish(false) }, textNodes(question.deny ?? "Cancel"));
    const sheet = h("div", { class: "sheet confirm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": titleId, "aria-describedby": bodyId },
      h("header", { class: "sheet-head" }, h("h2", { id: titleId }, textNodes(question.title ?? "Are you sure?"))),
      h("div", { class: "sheet-body", id: bodyId }, textNodes(question.text)),
      h("footer", { class: "sheet-foot" }, no, yes));
    const close = openLayer(h("div", { class: "backdrop" }, sheet), () => finish(false));
    yes.focus();
  });
}
