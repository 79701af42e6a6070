// One message: who, when, what, and what can be done with it.

import { react } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { ago, clockTime, fullDate } from "./dates.js";
import { h } from "./dom.js";
import { EMOJI, emojiFor, emojiNode } from "./emoji.js";
import { openEmojiPicker } from "./emojipicker.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { isApp, nameOf, store, userName } from "./store.js";
import { Surface } from "./surface.js";
import { toast } from "./toast.js";
import { toolbar } from "./toolbar.js";

const surfaces = new Map();

function surfaceOf(channel, message) {
  const key = `${store.me.id} ${channel} ${message.ts}`; // what one person ticked is not what the next one sees
  if (!surfaces.has(key)) {
    const container = { type: "message", channel, ts: message.ts, is_ephemeral: Boolean(message.is_ephemeral) };
    surfaces.set(key, new Surface(container, { onTrouble: toast }));
  }
  return surfaces.get(key);
}

export function authorOf(message) {
  const known = store.users.get(message.user);
  const bot = Boolean(message.bot_id) || isApp(message.user) || Boolean(known?.is_bot);
  if (known) return { id: message.user, user: known, name: message.username ?? nameOf(known), bot };
  if (bot) return { id: store.app?.user_id, user: { id: store.app?.user_id, real_name: store.app?.name }, name: message.username ?? store.app?.name ?? "App", bot };
  return { id: message.user, user: null, name: userName(message.user), bot: message.user === "USLACKBOT" };
}

export const SYSTEM = new Set(["channel_join", "channel_leave", "channel_topic", "channel_name", "channel_purpose", "group_join", "group_leave"]);

function isJumbo(text) {
  const names = [...(text ?? "").matchAll(EMOJI)];
  return names.length > 0 && names.length <= 23 && !text.replace(EMOJI, "").trim() && names.every((match) => emojiFor(match[1]));
}

function attachment(part, surface) {
  const box = h("div", { class: "attachment", style: part.color ? `border-color:#${part.color.replace("#", "")}` : null });
  if (part.blocks) renderBlocks(box, part.blocks, surface);
  else box.append(...mrkdwn(part.pretext ?? ""), ...(part.title ? [h("strong", {}, part.title)] : []), ...mrkdwn(part.text ?? part.fallback ?? ""));
  return box;
}

function file(item) {
  const source = item.url_private ?? item.permalink ?? item.url;
  if (item.mimetype?.startsWith("image/") && source) return h("img", { class: "file-image", src: source, alt: item.title ?? item.name, loading: "lazy" });
  return h("a", { class: "file", href: source, target: "_blank", rel: "noopener" }, icon("copy"), h("span", {}, item.title ?? item.name));
}

const editedMark = (message) => message.edited && h("span", { class: "edited", title: fullDate(message.edited.ts ?? message.ts) }, " (edited)");

function bodyOf(channel, message) {
  const surface = surfaceOf(channel, message);
  const blocks = (!message.client_msg_id && message.blocks) || []; // a person's words are drawn from the text
  const attached = message.attachments ?? [];
  surface.adopt([...blocks, ...attached.flatMap((part) => part.blocks ?? [])]);
  const body = h("div", { class: "message-body" });
  const edited = editedMark(message);
  if (blocks.length) {
    const holder = h("div", {});
    renderBlocks(holder, blocks, surface);
    body.append(holder);
  } else if (message.text) {
    body.append(h("div", { class: `text${isJumbo(message.text) ? " jumbo" : ""}`, dir: "auto" }, mrkdwn(message.text)));
  }
  if (edited && !blocks.length) (body.querySelector(".text > .line:last-child") ?? body).append(edited);
  body.append(...attached.map((part) => attachment(part, surface)), ...(message.files ?? []).map(file));
  return body;
}

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  const add = h("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add another reaction…", title: "Add another reaction…", "data-fk": "reaction-add", onclick: (event) => openEmojiPicker(event.currentTarget, (name) => react(channel, message.ts, name), { align: "start" }) }, icon("react", 16));
  return h("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const mine = reaction.users?.includes(store.me.id);
    const names = (reaction.users ?? []).map(userName).join(", ");
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(Boolean(mine)), "aria-label": `${reaction.name}, ${reaction.count}: ${names}`, title: `${names} reacted with :${reaction.name}:`, "data-fk": `reaction ${reaction.name}`,
      onclick: () => react(channel, message.ts, reaction.name),
    }, emojiNode(reaction.name), h("span", { class: "reaction-count" }, String(reaction.count)));
  }), add);
}

function threadSummary(message, onOpenThread) {
  if (!message.reply_count) return null;
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h("button", { type: "button", class: "thread-summary", onclick: () => onOpenThread(message), "data-fk": "thread" },
    h("span", { class: "faces" }, (message.reply_users ?? []).slice(0, 4).map((id) => avatar(store.users.get(id), 22))),
    h("span", { class: "thread-count" }, words), message.latest_reply && h("span", { class: "thread-when" }, `Last reply ${ago(message.latest_reply)}`));
}

function ephemeralMark(message, onDismiss) {
  if (!message.is_ephemeral) return null;
  return h("div", { class: "only-you" }, icon("eye", 14), h("span", {}, "Only visible to you"), h("button", { type: "button", class: "plain-button", onclick: () => onDismiss(message) }, "Dismiss"));
}

/** options: {channel, compact, onOpenThread, onDismiss, inThread} */
export function messageNode(message, options) {
  const { channel, compact, onOpenThread, onDismiss, inThread } = options;
  const author = authorOf(message);
  const time = h("time", { class: "message-time", title: fullDate(message.ts), datetime: new Date(message.ts * 1000).toISOString() }, clockTime(message.ts));
  const head = h("div", { class: "message-head" }, h("span", { class: "author", dir: "auto" }, author.name), author.bot && h("span", { class: "badge" }, "APP"),
    author.user?.status_emoji && emojiNode(author.user.status_emoji.replaceAll(":", "")), time, message.blocks?.length > 0 && editedMark(message));
  const node = h("article", {
    class: `message${compact ? " compact" : ""}${message.is_ephemeral ? " ephemeral" : ""}${SYSTEM.has(message.subtype) ? " system" : ""}`,
    tabindex: "-1", "data-ts": message.ts, "data-menus": "", "data-fk": "message", "aria-label": `${author.name}, ${clockTime(message.ts)}`,
  },
  h("div", { class: "message-gutter" }, compact ? time : avatar(author.user, 36)),
  h("div", { class: "message-main" },
    ephemeralMark(message, onDismiss), !compact && head,
    message.subtype === "thread_broadcast" && !inThread && h("div", { class: "broadcast" }, "replied to a thread"),
    bodyOf(channel, message), reactions(channel, message), !inThread && threadSummary(message, onOpenThread)));
  if (!message.is_ephemeral && !SYSTEM.has(message.subtype)) toolbar(node, { message, channel, onOpenThread, inThread });
  return node;
}
