// rich_text blocks.

import { dateText } from "./dates.js";
import { h } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { broadcastNode, channelNode, dateNode, groupNode, linkNode, userNode } from "./mrkdwn.js";

const LEAVES = {
  text: (part) => lines(part.text),
  link: (part) => [linkNode(part.url, part.text || undefined)],
  user: (part) => [userNode(part.user_id)],
  channel: (part) => [channelNode(part.channel_id)],
  usergroup: (part) => [groupNode(part.usergroup_id)],
  broadcast: (part) => [broadcastNode(part.range)],
  emoji: (part) => [emojiNode(part.name, part.skin_tone)],
  date: (part) => [dateNode(String(part.timestamp), part.format, part.url, part.fallback ?? dateText(String(part.timestamp), "{date_short}"))],
  color: (part) => [h("code", { class: "code" }, part.value)],
};

const lines = (text) => text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));

const STYLE_TAGS = [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]];

function leaf(part) {
  let nodes = LEAVES[part.type]?.(part) ?? [h("span", { class: "unsupported-inline" }, `[${part.type}]`)];
  for (const [style, tag] of STYLE_TAGS) {
    if (part.style?.[style]) nodes = [h(tag, { class: tag === "code" ? "code" : null }, nodes)];
  }
  return nodes;
}

const leaves = (parts) => (parts ?? []).flatMap(leaf);

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const items = (part.elements ?? []).map((item) => h("li", { dir: "auto" }, leaves(item.elements)));
  const props = { class: `rich-list indent-${Math.min(part.indent ?? 0, 8)}${part.border ? " bordered" : ""}` };
  if (part.offset) props.start = part.offset + 1;
  return h(tag, props, items);
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "line", dir: "auto" }, leaves(part.elements)),
  rich_text_list: list,
  rich_text_quote: (part) => h("blockquote", { class: "quote", dir: "auto" }, leaves(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, leaves(part.elements)),
};

export const richText = (block) => (block.elements ?? []).map((part) => PARTS[part.type]?.(part)).filter(Boolean);
