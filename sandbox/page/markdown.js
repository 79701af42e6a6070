// The markdown block: the everyday part of Markdown.

import { h } from "./dom.js";
import { linkNode, textNodes } from "./mrkdwn.js";

const INLINE = [
  [/`([^`]+)`/, (match) => h("code", { class: "code" }, match[1])],
  [/!?\[([^\]]*)\]\(([^()\s]+)\)/, (match) => linkNode(match[2], match[1] || undefined)],
  [/\*\*(\S(?:.*?\S)?)\*\*|__(\S(?:.*?\S)?)__/, (match) => h("strong", {}, span(match[1] ?? match[2]))],
  [/~~(\S(?:.*?\S)?)~~/, (match) => h("s", {}, span(match[1]))],
  [/\*(\S(?:[^*]*?\S)?)\*|(?<!\w)_(\S(?:[^_]*?\S)?)_(?!\w)/, (match) => h("em", {}, span(match[1] ?? match[2]))],
  [/https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"]/, (match) => linkNode(match[0])],
];

function span(text) {
  let first = null;
  for (const [pattern, make] of INLINE) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, make };
  }
  if (!first) return textNodes({ type: "plain_text", text });
  const { match, make } = first;
  return [...textNodes({ type: "plain_text", text: text.slice(0, match.index) }), make(match), ...span(text.slice(match.index + match[0].length))];
}

const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;

function listFrom(lines) {
  const first = ITEM.exec(lines[0]);
  const root = h(first[2] ? "ol" : "ul", { class: "rich-list" });
  for (const line of lines) {
    const [, space, , text] = ITEM.exec(line);
    root.append(h("li", { dir: "auto", style: space ? `margin-inline-start:${space.length * 10}px` : null }, span(text)));
  }
  return root;
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function tableFrom(lines) {
  const [head, , ...rows] = lines.map(cells);
  const row = (parts, tag) => h("tr", {}, parts.map((cell) => h(tag, {}, span(cell))));
  return h("div", { class: "table-wrap" }, h("table", { class: "table" }, h("thead", {}, row(head, "th")), h("tbody", {}, rows.map((parts) => row(parts, "td")))));
}

const SHAPES = [
  { test: (line) => /^#{1,6}\s/.test(line), one: true, make: ([line]) => h("div", { class: `md-heading md-${/^#+/.exec(line)[0].length}`, dir: "auto" }, span(line.replace(/^#+\s+/, ""))) },
  { test: (line) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(line), one: true, make: () => h("hr", { class: "divider" }) },
  { test: (line) => ITEM.test(line), make: listFrom },
  { test: (line) => /^\s*>/.test(line), make: (lines) => h("blockquote", { class: "quote", dir: "auto" }, markdown(lines.map((line) => line.replace(/^\s*> ?/, "")).join("\n"))) },
  { test: (line) => /^\s*\|.*\|\s*$/.test(line), make: (lines) => (lines.length > 1 ? tableFrom(lines) : paragraph(lines)) },
  { test: () => true, make: (lines) => paragraph(lines) },
];

const paragraph = (lines) => h("div", { class: "line md-paragraph", dir: "auto" }, lines.flatMap((line, index) => [index ? h("br") : null, span(line)]));

const shapeOf = (line) => SHAPES.find((shape) => shape.test(line));

function blocks(text) {
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) {
    if (!lines[0].trim()) {
      lines.shift();
      continue;
    }
    const shape = shapeOf(lines[0]);
    const taken = [lines.shift()];
    while (!shape.one && lines.length && lines[0].trim() && shapeOf(lines[0]) === shape) taken.push(lines.shift());
    nodes.push(shape.make(taken));
  }
  return nodes;
}

export function markdown(text) {
  return (text ?? "").split(/^```[^\n]*\n([\s\S]*?)^```\s*$/m).flatMap((piece, index) => (index % 2 ? [h("pre", { class: "pre" }, piece.replace(/\n$/, ""))] : blocks(piece)));
}
