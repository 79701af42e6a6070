// :short_names: and the picture they stand for.

import { get } from "./api.js";
import { h } from "./dom.js";

let table = {};
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

export const EMOJI = /:([a-z0-9_+'’&-]+):(?::skin-tone-([2-6]):)?/gi;

export async function loadEmoji() {
  table = await get("/sandbox/emoji").catch(() => ({}));
}

export function emojiFor(name, tone) {
  const [base, suffix] = name.split("::skin-tone-");
  const picture = Object.hasOwn(table, base) ? table[base] : undefined;
  return picture && picture.replace("\uFE0F", (tone || suffix) ? "" : "\uFE0F") + (TONES[tone || suffix] ?? "");
}

/** An emoji as a node that reads well aloud; unknown names stay text, as in Slack. */
export function emojiNode(name, tone) {
  const picture = emojiFor(name, tone);
  if (!picture) return document.createTextNode(`:${name}:${tone ? `:skin-tone-${tone}:` : ""}`);
  return h("span", { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` }, picture);
}

/** A string with short names as nodes. */
export function emojiNodes(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(EMOJI)) {
    nodes.push(text.slice(from, match.index), emojiNode(match[1], match[2]));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

const FAVOURITES = ["retro", "+1", "white_check_mark", "tada", "eyes", "heart", "raised_hands", "hedgehog", "rocket", "pray", "joy", "fire", "thinking_face", "bulb", "clap", "100"];

/** One click away at every message; a name that this workspace does not know is left out. */
export const quickEmoji = () => ["white_check_mark", "+1", "raised_hands", "retro"].filter((name) => emojiFor(name));

/** Names that hold the words typed, the best first. */
export function searchEmoji(words, limit = 60) {
  const wanted = words.trim().toLowerCase().replaceAll(":", "").replaceAll(" ", "_");
  if (!wanted) return FAVOURITES.filter((name) => table[name]);
  const names = Object.keys(table).filter((name) => name.includes(wanted));
  const rank = (name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  return names.sort((a, b) => rank(a) - rank(b) || a.length - b.length).slice(0, limit);
}
