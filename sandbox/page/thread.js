// Right: one thread.

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import { channelName, dropMessage, listed, store } from "./store.js";

export class ThreadPane {
  constructor(root, { close }) {
    this.root = root;
    this.close = close;
  }

  enter() {
    this.root.hidden = !store.thread;
    if (!store.thread) return this.root.replaceChildren();
    const { channel, ts } = store.thread;
    this.list = new MessageList({ label: "Thread", inThread: true, onOpenThread: () => {}, onDismiss: (message) => dropMessage(channel, message.ts) });
    this.composer = new Composer({ target: () => ({ channel, threadTs: ts }), label: "Reply in thread" });
    this.root.replaceChildren(
      h("header", { class: "pane-head" }, h("button", { type: "button", class: "icon-button only-phone", "aria-label": "Back to the channel", onclick: this.close }, icon("back", 20)), h("h1", {}, "Thread"),
        h("span", { class: "topic" }, store.channels.get(channel)?.is_im ? channelName(channel) : `#${channelName(channel)}`), h("span", { class: "grow" }),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", onclick: this.close }, icon("close", 20))),
      this.list.node, h("div", { class: "pane-foot" }, this.composer.node));
    return this.showMessages();
  }

  showMessages() {
    if (!store.thread || !this.list) return;
    const { channel, ts } = store.thread;
    this.list.show(`${channel}`, listed(channel, ts));
  }
}
