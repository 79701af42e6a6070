// Dialogs lie over the page in layers; only the top one can be reached, and closing gives the focus back.

import { byId } from "./dom.js";

const open = [];

function shut(node, isShut) {
  node.inert = isShut;
  if (isShut) node.setAttribute("aria-hidden", "true"); // not every tool that reads roles knows `inert`
  else node.removeAttribute("aria-hidden");
}

function settle() {
  shut(byId("app"), open.length > 0);
  open.forEach((layer, index) => shut(layer.node, index < open.length - 1));
}

/** Lay `node` over everything; returns a function that takes it away. `onEscape` hears Esc while it is on top. */
export function openLayer(node, onEscape) {
  const layer = { node, onEscape, before: document.activeElement };
  open.push(layer);
  byId("layers").append(node);
  settle();
  return () => {
    const index = open.indexOf(layer);
    if (index < 0) return;
    open.splice(index, 1);
    node.remove();
    settle();
    if (layer.before?.isConnected) layer.before.focus({ preventScroll: true });
    else document.querySelector("#main textarea")?.focus();
  };
}

export const topLayer = () => open.at(-1)?.node ?? null;

export function escapeLayer() {
  const layer = open.at(-1);
  layer?.onEscape?.();
  return Boolean(layer);
}
