// Ctrl+K: go anywhere by typing a few letters.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openLayer } from "./layers.js";
import { isApp, isPerson, nameOf, store } from "./store.js";
import { toast } from "./toast.js";

const sign = (name) => h("span", { class: "menu-picture" }, icon(name));

function channels() {
  return [...store.channels.values()].filter((channel) => !channel.is_im && !channel.is_archived).sort((a, b) => a.name.localeCompare(b.name)).map((channel) => ({
    label: channel.name, detail: channel.is_member ? channel.topic : "not joined", picture: () => sign(channel.is_private ? "lock" : "hash"), place: { kind: "channel", id: channel.id },
  }));
}

function people() {
  const alive = [...store.users.values()].filter((user) => isPerson(user) && !isApp(user.id));
  return alive.sort((a, b) => nameOf(a).localeCompare(nameOf(b))).map((user) => ({ label: nameOf(user), detail: `@${user.name}`, picture: () => avatar(user, 22), user: user.id }));
}

const appPlaces = () => (store.app ? [{ label: store.app.name, detail: "app", picture: () => avatar({ id: store.app.user_id }, 22), place: { kind: "app", tab: store.app.home_tab ? "home" : "messages" } }] : []);

const SOURCES = { all: () => [...channels(), ...people(), ...appPlaces()], channels, people };
const TITLES = { all: "Jump to", channels: "Browse channels", people: "Message a teammate" };

async function visit(item, go) {
  if (item.place) return go(item.place);
  try {
    const { channel } = await act("dm", { user: item.user });
    return go({ kind: "channel", id: channel });
  } catch (refused) {
    return toast(refused.message);
  }
}

export function openSwitcher(go, kind = "all") {
  const all = SOURCES[kind]();
  let shown = [];
  let active = 0;
  const list = h("div", { class: "switcher-list", role: "listbox", id: uid("jump"), "aria-label": TITLES[kind] });
  const input = h("input", { class: "switcher-input", role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-label": TITLES[kind], placeholder: `${TITLES[kind]}…`, autocomplete: "off", oninput: () => fill(), onkeydown: (event) => onKey(event) });
  const sheet = h("div", { class: "switcher", role: "dialog", "aria-modal": "true", "aria-label": TITLES[kind] }, input, list);
  const backdrop = h("div", { class: "backdrop backdrop-top", onpointerdown: (event) => event.target === backdrop && close() }, sheet);

  const pick = (item) => {
    close();
    visit(item, go);
  };
  const paint = () => {
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === active)));
    const node = list.children[active];
    if (!node) return;
    input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  };
  const fill = () => {
    const query = input.value.trim().toLowerCase().replace(/^[#@]/, "");
    shown = all.filter((item) => `${item.label} ${item.detail ?? ""}`.toLowerCase().includes(query)).slice(0, 50);
    active = 0;
    list.replaceChildren(...shown.map((item, index) => h("div", { class: "suggestion", role: "option", id: `${list.id}-${index}`, "aria-label": item.label, onclick: () => pick(item) },
      item.picture(), h("span", { class: "suggestion-label" }, item.label), item.detail && h("span", { class: "suggestion-detail" }, item.detail))));
    paint();
  };
  const onKey = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) active = (active + step + shown.length) % shown.length;
    if (event.key === "Enter" && shown[active]) pick(shown[active]);
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    paint();
  };
  const close = openLayer(backdrop, () => close());
  fill();
  input.focus();
}
