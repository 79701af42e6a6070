// What each event of the stream means for the page.

import { actsNow, pageId } from "./api.js";
import { loadEmoji } from "./emoji.js";
import { complainInModal, showModals } from "./modal.js";
import { dropMessage, emit, isReply, openChannel, putMessage, setNow, store, touch } from "./store.js";
import { toast } from "./toast.js";

function onMessage({ channel, message }, { syncSoon, readSoon }) {
  putMessage(channel, message);
  const known = store.channels.get(channel);
  if (!known) syncSoon();
  const mine = message.user === store.me.id;
  if (mine || !known) return;
  if (!isReply(message)) {
    known.unread = (known.unread ?? 0) + 1;
    emit("state");
  }
  if (openChannel()?.id === channel) readSoon();
}

const HANDLERS = {
  message: onMessage,
  message_changed: ({ channel, message }) => putMessage(channel, message),
  message_deleted: ({ channel, ts }) => dropMessage(channel, ts),
  ephemeral: ({ channel, message }) => putMessage(channel, { ...message, is_ephemeral: true }),
  ephemeral_deleted: ({ channel, ts, message }) => dropMessage(channel, ts ?? message?.ts),
  modal: (event) => {
    if (event.page !== pageId) return;
    touch("modal");
    showModals(event);
  },
  home: ({ view }) => {
    touch("home");
    store.home = view;
    emit("home");
  },
  channels: (_, { syncSoon }) => syncSoon(),
  users: (_, { syncSoon }) => syncSoon(),
  emoji: () => loadEmoji(),
  app: ({ type, ...facts }) => {
    store.app = { ...store.app, ...facts };
    emit("state");
  },
  read: ({ channel }) => {
    const known = store.channels.get(channel);
    if (!known) return;
    known.unread = 0;
    emit("state");
  },
  now: ({ now }) => {
    setNow(now);
    emit("clock");
  },
  clock: ({ now, run, trouble }, { syncSoon }) => {
    setNow(now);
    if (!run) syncSoon(); // time stands elsewhere now, and people may be something else
    store.clock = { ...store.clock, run };
    emit("clock");
    if (trouble) toast(trouble);
  },
  trouble: ({ text }) => actsNow() || complainInModal(text) || toast(text),
};

export function handleEvent(event, tools) {
  HANDLERS[event.type]?.(event, tools);
}
