// Top: whose page this is, whether the app listens, and who one is.

import { avatar } from "./avatar.js";
import { aboutPerson } from "./chooser.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { nameOf, store } from "./store.js";
import { themeButton } from "./theme.js";

/** callbacks: {become, jump} */
export function showTopbar(root, { become, jump }) {
  const sig = JSON.stringify([store.me, store.people, store.app?.name, store.app?.connected, store.online, store.team]);
  if (root.sig === sig) return; // an open menu of people stays open
  root.sig = sig;
  root.dataset.menus = "";
  const search = h("button", { type: "button", class: "jump", onclick: jump }, icon("search", 16), h("span", { class: "jump-words" }, "Jump to…"), h("kbd", {}, navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"));
  search.setAttribute("aria-label", "Jump to");
  // The slot waits for the control of the workspace's clock.
  root.replaceChildren(h("div", { class: "brand" }, h("strong", {}, store.team?.name ?? "Sandbox"), h("span", { class: "brand-note" }, "on your machine")), search, h("div", { class: "clock-slot", id: "clock-slot" }), appStatus(), themeButton(), personButton(become));
}

function appStatus() {
  if (!store.app) return null;
  const words = !store.online ? "Reconnecting…" : `${store.app.name} is ${store.app.connected ? "connected" : "not connected"}`;
  const mood = !store.online ? "waiting" : store.app.connected ? "good" : "bad";
  return h("div", { class: `app-status ${mood}`, role: "status", title: words }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "status-words" }, words));
}

function personButton(become) {
  if (!store.me) return h("span");
  const people = store.people.filter((user) => !user.is_bot && !user.deleted);
  const items = () => people.map((user) => ({ label: nameOf(user), detail: aboutPerson(user), checked: user.id === store.me.id, picture: avatar(user, 24), onPick: () => become(user.id) }));
  const button = h("button", { type: "button", class: "person", "aria-label": `Switch person: you are ${nameOf(store.me)}`, "aria-haspopup": "menu", "aria-expanded": "false" },
    avatar(store.me, 24), h("span", { class: "person-name" }, nameOf(store.me)), icon("caret", 14));
  button.addEventListener("click", () => openMenu(button, [{ heading: "Be somebody else" }, ...items()], { label: "People", align: "end", tall: true }));
  return button;
}
