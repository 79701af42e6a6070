// Slack's mrkdwn as DOM nodes. Text of people never meets innerHTML: it only ever becomes text nodes.

import { capital, dateText } from "./dates.js";
import { h } from "./dom.js";
import { emojiFor, emojiNode, emojiNodes } from "./emoji.js";
import { channelName, store, userName } from "./store.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescapeText = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
export const escapeText = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const SAFE = /^(?:https?:\/\/|mailto:|tel:)/i;

export function linkNode(url, label) {
  const target = unescapeText(url);
  if (!SAFE.test(target)) return document.createTextNode(label ?? target);
  const text = label === undefined ? target.replace(/^mailto:/, "") : emojiNodes(unescapeText(label));
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer", class: "link" }, text);
}

export function userNode(id) {
  const mine = id === store.me?.id;
  return h("span", { class: mine ? "mention mention-me" : "mention", "data-user": id }, `@${userName(id)}`);
}

export function channelNode(id, label) {
  const known = store.channels.get(id);
  const text = `#${known ? channelName(id) : label || channelName(id)}`;
  if (!known) return h("span", { class: "mention" }, text);
  return h("a", { class: "mention", href: `?channel=${id}`, "data-open-channel": id }, text);
}

export const broadcastNode = (range) => h("span", { class: "mention mention-all" }, `@${range}`);
export const groupNode = (id, label) => h("span", { class: "mention" }, label || `@${id}`);

export function dateNode(ts, pattern, link, fallback, startsLine = false) {
  const text = dateText(ts, unescapeText(pattern ?? ""));
  const shown = text === null ? unescapeText(fallback ?? "") : startsLine ? capital(text) : text;
  const time = h("time", { title: unescapeText(fallback ?? "") }, shown);
  if (!link || !SAFE.test(unescapeText(link))) return time;
  return h("a", { href: unescapeText(link), target: "_blank", rel: "noopener noreferrer", class: "link" }, time);
}

function specialNode(command, label, startsLine) {
  const [kind, ...rest] = command.split("^");
  if (["here", "channel", "everyone"].includes(kind)) return broadcastNode(kind);
  if (kind === "subteam") return groupNode(rest[0], label);
  if (kind === "date") return dateNode(rest[0], rest[1], rest[2], label, startsLine);
  return document.createTextNode(unescapeText(label ?? `<!${command}>`));
}

/** What stands between < and >. */
function angleNode(inside, startsLine) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : inside.slice(bar + 1);
  if (/^@[UW]/.test(target)) return userNode(target.slice(1));
  if (/^#[CGD]/.test(target)) return channelNode(target.slice(1), label);
  if (target.startsWith("!")) return specialNode(target.slice(1), label, startsLine);
  if (/^(https?:|mailto:|tel:)/i.test(target)) return linkNode(target, label);
  return document.createTextNode(unescapeText(`<${inside}>`));
}

// Things that formatting goes around but never into: they are lifted out first, and a private character keeps their place.
const ATOMS = /`([^`\n]+)`|<([^<>\n]+)>|\bhttps?:\/\/(?:(?!&[lg]t;)[^\s<>|])*(?!&[lg]t;)[^\s<>|.,;:!?)\]'"*_~]|:([a-z0-9_+'’-]+):(?::skin-tone-([2-6]):)?/gi;
const FIRST_PLACE = 0xe000;
const PLACE = /[\uE000-\uF8FF]/g;

function lift(text) {
  const atoms = [];
  const hold = (make) => {
    atoms.push(make);
    return String.fromCharCode(FIRST_PLACE + atoms.length - 1);
  };
  const bare = text.replace(PLACE, "\uFFFD").replace(ATOMS, (whole, code, angle, emoji, tone, offset) => {
    if (atoms.length >= 0xf8ff - FIRST_PLACE) return whole;
    if (code) return hold(() => h("code", { class: "code" }, unescapeText(code)));
    if (angle) return hold(() => angleNode(angle, offset === 0 || text[offset - 1] === "\n"));
    if (emoji) return emojiFor(emoji, tone) ? hold(() => emojiNode(emoji, tone)) : whole;
    return hold(() => linkNode(whole));
  });
  return { bare, atoms };
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const SPAN = /(?<![\p{L}\p{N}])([*_~])(?!\s|\1)((?:(?!\1)[^\n])+?)(?<!\s)\1(?![\p{L}\p{N}]|\1)/u;

function styled(text, atoms) {
  const nodes = [];
  let rest = text;
  for (let match = SPAN.exec(rest); match; match = SPAN.exec(rest)) {
    const [whole, mark, inside] = match;
    if (rest[match.index - 1] === mark) break;
    nodes.push(...plain(rest.slice(0, match.index), atoms), h(STYLES[mark], {}, styled(inside, atoms)));
    rest = rest.slice(match.index + whole.length);
  }
  return [...nodes, ...plain(rest, atoms)];
}

function plain(text, atoms) {
  const nodes = [];
  for (const piece of text.split(/([\uE000-\uF8FF])/)) {
    const atom = piece.length === 1 && atoms[piece.charCodeAt(0) - FIRST_PLACE];
    if (atom) nodes.push(atom());
    else if (piece) nodes.push(...withBreaks(unescapeText(piece)));
  }
  return nodes;
}

const withBreaks = (text) => text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line])).filter((part) => part !== "");

export function inline(text) {
  const { bare, atoms } = lift(text);
  return styled(bare, atoms);
}

const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_REST = /^(?:&gt;|>){3} ?/;

function paragraphs(text) {
  const nodes = [];
  let plainLines = [];
  let quoted = [];
  const flush = () => {
    if (plainLines.length) nodes.push(h("div", { class: "line", dir: "auto" }, inline(plainLines.join("\n"))));
    if (quoted.length) nodes.push(h("blockquote", { class: "quote", dir: "auto" }, inline(quoted.join("\n"))));
    plainLines = [];
    quoted = [];
  };
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (QUOTE_REST.test(line)) {
      flush();
      quoted = [line.replace(QUOTE_REST, ""), ...lines.slice(index + 1)];
      break;
    }
    if (QUOTE.test(line) ? plainLines.length : quoted.length) flush();
    if (QUOTE.test(line)) quoted.push(line.replace(QUOTE, ""));
    else plainLines.push(line);
  }
  flush();
  return nodes;
}

/** A whole mrkdwn text: lines, quotes and fenced blocks. */
export function mrkdwn(text) {
  const pieces = (text ?? "").split(/```([\s\S]+?)```/);
  return pieces.flatMap((piece, index) => {
    if (index % 2) return [h("pre", { class: "pre" }, unescapeText(piece.replace(/^\n|\n$/g, "")))];
    const trimmed = piece.replace(index ? /^\n/ : /^(?!)/, "").replace(index < pieces.length - 1 ? /\n$/ : /$(?!)/, "");
    return trimmed ? paragraphs(trimmed) : [];
  });
}

/** A text object of Block Kit ({type, text, emoji, verbatim}) or a bare string. */
export function textNodes(text) {
  if (!text) return [];
  if (typeof text === "string") return emojiNodes(text);
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return text.emoji === false ? withBreaks(text.text) : emojiNodes(text.text).flatMap((part) => (typeof part === "string" ? withBreaks(part) : [part]));
}

/** The words of a text object for names and announcements. */
export function textWords(text) {
  if (!text) return "";
  const holder = document.createElement("div");
  holder.append(...textNodes(text));
  return holder.textContent.replace(/\s+/g, " ").trim();
}
