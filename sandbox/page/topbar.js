// Top: whose page this is, what time it is there, whether the app listens, and who one is.

import { avatar } from "./avatar.js";
import { aboutPerson } from "./chooser.js";
import { clockNode } from "./clock.js";
import { h, reconcile } from "./dom.js";
import { emojiNodes } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { editStatus } from "./status.js";
import { isPerson, nameOf, store } from "./store.js";
import { themeButton } from "./theme.js";

/** callbacks: {become, jump} */
export function showTopbar(root, { become, jump }) {
  const people = store.people.filter(isPerson);
  // Each part is redrawn only when what it shows has changed: open menus and the clock's panel stay open.
  reconcile(root, [
    { key: "brand", sig: store.team?.name, make: brand },
    { key: "jump", sig: "", make: () => jumpButton(jump) },
    { key: "clock", sig: "", make: () => clockNode },
    { key: "grow", sig: "", make: () => h("span", { class: "grow" }) },
    { key: "app", sig: JSON.stringify([store.app?.name, store.app?.connected, store.online]), make: appStatus },
    { key: "theme", sig: "", make: themeButton },
    { key: "person", sig: JSON.stringify([store.me, people]), make: () => personButton(people, become) },
  ]);
}

const brand = () => h("div", { class: "brand" }, h("strong", {}, store.team?.name ?? "Sandbox"), h("span", { class: "brand-note" }, "on your machine"));

function jumpButton(jump) {
  const keys = navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K";
  return h("button", { type: "button", class: "jump", "aria-label": "Jump to", onclick: jump }, icon("search", 16), h("span", { class: "jump-words" }, "Jump to…"), h("kbd", {}, keys));
}

function appStatus() {
  if (!store.app) return h("span", { hidden: true });
  const words = !store.online ? "Reconnecting…" : `${store.app.name} is ${store.app.connected ? "connected" : "not connected"}`;
  const mood = !store.online ? "waiting" : store.app.connected ? "good" : "bad";
  return h("div", { class: `app-status ${mood}`, role: "status", title: words }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "status-words" }, words));
}

function personButton(people, become) {
  if (!store.me) return h("span");
  const button = h("button", { type: "button", class: "person", "data-fk": "person", "aria-label": `Switch person: you are ${nameOf(store.me)}`, "aria-haspopup": "menu", "aria-expanded": "false" },
    avatar(store.me, 24), h("span", { class: "person-name" }, nameOf(store.me)), icon("caret", 14));
  const others = () => people.map((user) => ({ label: nameOf(user), detail: aboutPerson(user), checked: user.id === store.me.id, picture: avatar(user, 24), onPick: () => become(user.id) }));
  const items = () => [statusItem(button), "line", { heading: "Be somebody else" }, ...others()];
  button.addEventListener("click", () => openMenu(button, items(), { label: "People", align: "end", tall: true }));
  return h("div", { class: "person-slot", "data-menus": "" }, button);
}

function statusItem(button) {
  const { status_emoji: emoji, status_text: text } = store.me;
  const label = text || emoji ? emojiNodes(`${emoji} ${text}`.trim()) : "Set a status";
  return { label, detail: text || emoji ? "Change or clear your status" : null, picture: h("span", { class: "menu-picture" }, icon("smile", 18)), onPick: () => editStatus(button) };
}
