// What the composer offers while somebody types: commands, people, channels, emoji.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { emojiFor, searchEmoji } from "./emoji.js";
import { hedgehog, icon } from "./icons.js";
import { nameOf, store } from "./store.js";

const MANY = 8;
const starts = (text, query) => text.toLowerCase().startsWith(query);
const anyWordStarts = (text, query) => [text, ...text.split(/[\s._-]+/)].some((word) => starts(word, query));

function commands(query) {
  return (store.app?.commands ?? []).filter((item) => starts(item.command, query)).map((item) => ({
    label: item.command, hint: item.usage_hint, detail: item.description, insert: `${item.command} `, picture: h("span", { class: "menu-picture" }, hedgehog()),
  }));
}

const BROADCASTS = [["here", "Everybody who is active in this channel"], ["channel", "Everybody in this channel"]];

/** After a command Slack writes @handle; in a message it shows the whole name. */
function mentions(query, inCommand) {
  const people = [...store.users.values()].filter((user) => !user.deleted && (anyWordStarts(nameOf(user), query) || starts(user.name ?? "", query)));
  const rows = people.sort((a, b) => nameOf(a).localeCompare(nameOf(b))).map((user) => ({ label: nameOf(user), detail: user.is_bot ? "app" : `@${user.name}`, insert: `@${inCommand ? user.name : nameOf(user)} `, picture: avatar(user, 24) }));
  if (inCommand) return rows;
  const all = BROADCASTS.filter(([name]) => starts(name, query)).map(([name, detail]) => ({ label: `@${name}`, detail, insert: `@${name} `, picture: h("span", { class: "menu-picture" }, icon("people")) }));
  return [...rows, ...all];
}

function channels(query) {
  return [...store.channels.values()].filter((channel) => !channel.is_im && anyWordStarts(channel.name, query)).map((channel) => ({ label: channel.name, insert: `#${channel.name} `, picture: h("span", { class: "menu-picture" }, icon(channel.is_private ? "lock" : "hash")) }));
}

const emoji = (query) => searchEmoji(query, MANY).map((name) => ({ label: `:${name}:`, insert: `:${name}: `, picture: h("span", { class: "menu-picture" }, emojiFor(name)) }));

const KINDS = [
  { kind: "command", name: "Commands", pattern: /^(\/\S*)$/, find: commands },
  { kind: "mention", name: "People", pattern: /(?:^|[\s(])(@([^\s@]*))$/, find: mentions },
  { kind: "channel", name: "Channels", pattern: /(?:^|[\s(])(#([^\s#]*))$/, find: channels },
  { kind: "emoji", name: "Emoji", pattern: /(?:^|\s)(:([a-z0-9_+-]{2,}))$/, find: emoji },
];

/** {kind, name, from, items} for the text before the caret, or null. */
export function suggestionsFor(before, { commandsToo }) {
  for (const { kind, name, pattern, find } of KINDS) {
    const match = pattern.exec(before);
    if (!match || (kind === "command" && !commandsToo)) continue;
    const items = find((match[2] ?? match[1]).toLowerCase(), before.startsWith("/")).slice(0, MANY);
    return items.length ? { kind, name, from: before.length - match[1].length, items } : null;
  }
  return null;
}

export const commandOf = (text) => (store.app?.commands ?? []).find((item) => item.command === text.split(/\s/)[0]);

/** Names become references to people and channels; the server escapes whatever else was typed. */
export function encode(text) {
  const names = new Map();
  for (const user of store.users.values()) for (const name of [user.name, user.handle, user.display_name, user.real_name]) if (name && !user.deleted) names.set(`@${name.toLowerCase()}`, `<@${user.id}>`);
  for (const channel of store.channels.values()) if (!channel.is_im) names.set(`#${channel.name.toLowerCase()}`, `<#${channel.id}>`);
  if (!names.size) return text;
  const quoted = [...names.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}@#&;])(?:${quoted.join("|")})(?![\\p{L}\\p{N}_-])`, "giu");
  return text.replace(pattern, (name) => names.get(name.toLowerCase()));
}
