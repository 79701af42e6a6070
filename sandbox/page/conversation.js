// Middle: the channel, direct message, or app that is open.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { emojiNodes } from "./emoji.js";
import { showHome } from "./home.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { MessageList } from "./messages.js";
import { inline } from "./mrkdwn.js";
import { dropMessage, listed, openChannel, store, userName } from "./store.js";
import { toast } from "./toast.js";

const tell = (verb, body) => act(verb, body).catch((refused) => toast(refused.message));

/** callbacks: {go, openThread, showSide} */
export class Conversation {
  constructor(root, callbacks) {
    this.root = root;
    this.callbacks = callbacks;
    this.newAfter = null;
  }

  /** The place changed: build the pane anew. */
  enter() {
    const channel = openChannel();
    this.channelId = channel?.id ?? null;
    this.newAfter = channel?.unread ? (channel.last_read ?? "0") : null;
    this.head = h("header", { class: "pane-head", "data-menus": "" });
    this.foot = h("div", { class: "pane-foot" });
    this.list = null;
    this.homeBody = null;
    this.footSig = null;
    this.headSig = null;
    const body = store.place.kind === "app" && store.place.tab === "home" ? this.homePane() : this.messagePane(channel);
    this.root.replaceChildren(this.head, body, this.foot);
    this.refresh();
    this.showMessages();
  }

  homePane() {
    this.homeBody = h("div", { class: "home-body" });
    return h("div", { class: "home", role: "tabpanel", "aria-label": "Home", "data-menus": "", tabindex: "-1" }, this.homeBody);
  }

  messagePane(channel) {
    this.list = new MessageList({
      label: `Messages in ${this.title(channel)}`,
      onOpenThread: (message) => this.callbacks.openThread(message.thread_ts ?? message.ts),
      onDismiss: (message) => dropMessage(this.channelId, message.ts),
      intro: () => this.intro(),
    });
    return this.list.node;
  }

  title(channel) {
    if (store.place.kind === "app") return store.app?.name ?? "the app";
    if (!channel) return "this channel";
    return channel.is_im ? userName(channel.user) : `#${channel.name}`;
  }

  intro() {
    const channel = openChannel();
    const title = this.title(channel);
    const words = channel?.is_im ? `This is the beginning of your direct messages with ${title}.` : `This is the very beginning of ${title}.`;
    return { sig: title, make: () => h("div", { class: "intro" }, channel?.is_im ? avatar({ ...store.users.get(channel.user), id: channel.user }, 56) : h("span", { class: "intro-sign" }, icon(channel?.is_private ? "lock" : "hash", 28)), h("h2", {}, title), h("p", {}, words)) };
  }

  /** What is known of channels, people or the app changed. */
  refresh() {
    const channel = openChannel();
    if ((channel?.id ?? null) !== this.channelId) return this.enter();
    this.paintHead(channel);
    this.paintFoot(channel);
    if (this.homeBody) showHome(this.homeBody);
    return undefined;
  }

  paintHead(channel) {
    const sig = JSON.stringify([store.place, channel && { ...channel, unread: 0, last_read: 0, latest: 0 }, store.users.get(channel?.user), store.app?.name, store.app?.home_tab]);
    if (sig === this.headSig) return; // an open menu stays open
    this.headSig = sig;
    const back = h("button", { type: "button", class: "icon-button only-phone", "aria-label": "Show channels", onclick: this.callbacks.showSide }, icon("back", 20));
    const parts = store.place.kind === "app" ? this.appHead() : channel ? this.channelHead(channel) : [h("h1", {}, "Nothing here")];
    const focusedTab = this.head.contains(document.activeElement) && document.activeElement.getAttribute("role") === "tab";
    this.head.replaceChildren(back, ...parts);
    if (focusedTab) this.head.querySelector('[aria-selected="true"]')?.focus();
  }

  appHead() {
    const { app, place } = store;
    const tabs = [["home", "Home", app?.home_tab], ["messages", "Messages", true]].filter(([, , shown]) => shown);
    const tab = ([key, name]) => h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(place.tab === key), tabindex: place.tab === key ? "0" : "-1", onclick: () => this.callbacks.go({ kind: "app", tab: key }) }, name);
    const onKey = (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      [...event.currentTarget.children].find((node) => node.getAttribute("aria-selected") === "false")?.click();
    };
    return [avatar({ id: app?.user_id }, 24), h("h1", {}, app?.name ?? "App"), h("div", { class: "tabs", role: "tablist", "aria-label": app?.name, onkeydown: onKey }, tabs.map(tab))];
  }

  channelHead(channel) {
    if (channel.is_im) {
      const user = store.users.get(channel.user);
      return [avatar(user, 24), h("h1", { dir: "auto" }, userName(channel.user)), user?.status_emoji && h("span", { class: "topic", dir: "auto" }, emojiNodes(`${user.status_emoji} ${user.status_text}`))].filter(Boolean);
    }
    const topic = h("span", { class: "topic", dir: "auto", title: channel.topic || null }, inline(channel.topic ?? ""));
    const count = channel.num_members;
    const members = count && h("span", { class: "members", title: `${count} members` }, icon("people", 16), String(count), h("span", { class: "sr-only" }, " members"));
    const more = channel.is_member && h("button", { type: "button", class: "icon-button", "aria-label": "Channel options", "aria-haspopup": "menu", onclick: (event) => openMenu(event.currentTarget, [{ label: "Leave channel", picture: icon("leave"), onPick: () => tell("leave", { channel: channel.id }) }], { label: "Channel options", align: "end" }) }, icon("dots", 20));
    return [h("h1", {}, icon(channel.is_private ? "lock" : "hash", 18), h("span", { dir: "auto" }, channel.name)), topic, h("span", { class: "grow" }), members, more].filter(Boolean);
  }

  paintFoot(channel) {
    const shape = this.homeBody || !channel ? "none" : channel.is_archived ? "archived" : channel.is_member === false && !channel.is_im ? "join" : "compose";
    const sig = `${shape} ${channel?.id}`;
    if (sig === this.footSig) return;
    this.footSig = sig;
    this.composer = null;
    if (shape === "none") return this.foot.replaceChildren();
    if (shape === "archived") return this.foot.replaceChildren(h("p", { class: "join-bar" }, "This channel is archived."));
    if (shape === "join") return this.foot.replaceChildren(this.joinBar(channel));
    const label = `Message ${this.title(channel)}`;
    this.composer = new Composer({ target: () => ({ channel: channel.id }), label });
    return this.foot.replaceChildren(this.composer.node);
  }

  joinBar(channel) {
    return h("div", { class: "join-bar" }, h("p", {}, "You are looking at ", h("strong", {}, `#${channel.name}`)), h("button", { type: "button", class: "button primary", onclick: () => tell("join", { channel: channel.id }) }, "Join channel"));
  }

  showMessages() {
    if (!this.list || !this.channelId) return;
    this.list.show(this.channelId, listed(this.channelId), { newAfter: this.newAfter });
  }
}
