// Left: where one can go, and what is unread there.

import { avatar } from "./avatar.js";
import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { hrefFor } from "./route.js";
import { appChannel, isApp, nameOf, store } from "./store.js";
import { openSwitcher } from "./switcher.js";

const samePlace = (a, b) => a.kind === b.kind && (a.kind !== "channel" || a.id === b.id);

function row({ key, place, name, picture, unread = 0, note, muted }, go) {
  const current = samePlace(place, store.place);
  const make = () => h("a", {
    class: `side-row${unread ? " unread" : ""}${muted ? " muted" : ""}`, href: hrefFor({ as: store.me.id, place }), "aria-current": current ? "page" : null, "data-fk": key,
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab is a new tab
      event.preventDefault();
      go(place);
    },
  }, picture(), h("span", { class: "side-name", dir: "auto" }, name), note && h("span", { class: "side-note" }, note), unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)));
  return { key, sig: JSON.stringify([name, unread, current, note, muted, place, store.me.id]), make };
}

const heading = (key, words) => ({ key, sig: words, make: () => h("h2", { class: "side-heading" }, words) });

const button = (key, words, picture, run) => ({ key, sig: words, make: () => h("button", { type: "button", class: "side-row muted", onclick: run }, picture(), h("span", { class: "side-name" }, words)) });

const sign = (name) => () => h("span", { class: "side-sign" }, icon(name, 16));
const byName = (a, b) => (a.name ?? "").localeCompare(b.name ?? "");

function channelRows(go) {
  const mine = [...store.channels.values()].filter((channel) => !channel.is_im && channel.is_member && !channel.is_archived);
  return mine.sort(byName).map((channel) => row({ key: channel.id, place: { kind: "channel", id: channel.id }, name: channel.name, picture: sign(channel.is_private ? "lock" : "hash"), unread: channel.unread }, go));
}

function peopleRows(go) {
  const open = [...store.channels.values()].filter((channel) => channel.is_im && !isApp(channel.user) && store.users.has(channel.user));
  const named = open.map((channel) => ({ channel, user: store.users.get(channel.user) })).sort((a, b) => nameOf(a.user).localeCompare(nameOf(b.user)));
  return named.map(({ channel, user }) => row({ key: channel.id, place: { kind: "channel", id: channel.id }, name: nameOf(user), picture: () => avatar(user, 20), unread: channel.unread, note: user.id === store.me.id ? "you" : null }, go));
}

function appRow(go) {
  const unread = appChannel()?.unread ?? 0;
  const tab = store.app.home_tab && !unread ? "home" : "messages";
  const user = { id: store.app.user_id };
  return row({ key: "app", place: { kind: "app", tab }, name: store.app.name, picture: () => avatar(user, 20), unread }, go);
}

export function showSidebar(root, go) {
  if (!store.me) return root.replaceChildren();
  let list = root.querySelector(".side-list");
  if (!list) {
    list = h("div", { class: "side-list" });
    root.replaceChildren(list);
  }
  reconcile(list, [
    heading("h-channels", "Channels"), ...channelRows(go), button("browse", "Browse channels", sign("plus"), () => openSwitcher(go, "channels")),
    heading("h-people", "Direct messages"), ...peopleRows(go), button("message", "Message a teammate", sign("plus"), () => openSwitcher(go, "people")),
    heading("h-apps", "Apps"), ...(store.app ? [appRow(go)] : []),
  ]);
  return undefined;
}
