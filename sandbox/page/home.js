// The app's Home tab: one view, live.

import { act } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { store } from "./store.js";
import { Surface } from "./surface.js";
import { toast } from "./toast.js";

let surface = null;
let shownId = null;

const container = (view) => ({ type: "view", view_id: view.id });

export function visitHome() {
  act("home").catch((refused) => toast(refused.message));
}

/** Slack tells the app of its Messages tab as well; nobody waits for an answer. */
export function visitMessages() {
  act("messages_tab").catch(() => undefined);
}

/** Fill `root` with the person's Home view. */
export function showHome(root) {
  const view = store.home;
  if (!view) {
    root.kept = undefined;
    const name = store.app?.name ?? "The app";
    root.replaceChildren(h("p", { class: "empty" }, store.app?.connected ? `${name} is getting this page ready…` : `${name} is not connected, so there is nothing to show yet.`));
    return;
  }
  if (view.id !== shownId) {
    surface = new Surface(container(view), { onTrouble: toast });
    shownId = view.id;
  }
  if (root.querySelector(".empty")) root.replaceChildren();
  surface.adopt(view.blocks, view.state?.values);
  renderBlocks(root, view.blocks, surface, shownId);
}
