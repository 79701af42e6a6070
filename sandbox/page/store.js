// What the page knows, and who wants to hear when it changes.

export const store = {
  people: [],
  me: null,
  users: new Map(),
  channels: new Map(),
  app: null,
  home: null,
  clockOffset: 0,
  clock: { control: false, run: null },
  online: true,
  place: { kind: "none" },
  thread: null,
  messages: new Map(),
};

const listeners = new Map();

export function on(kind, listener) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), listener]);
}

export function emit(kind, detail) {
  for (const listener of listeners.get(kind) ?? []) listener(detail);
}

// A slow answer must not undo what the stream said meanwhile: whoever asks notes the moment, and what was touched since stays.
let tick = 0;
const touched = new Map();
export const moment = () => tick;
export const touch = (key) => touched.set(key, ++tick);
export const touchedSince = (key, since) => (touched.get(key) ?? 0) > since;

export function applyState(state, since) {
  store.people = state.users ?? [];
  store.users = new Map(store.people.map((user) => [user.id, user]));
  store.me = state.me ?? null;
  store.channels = new Map((state.channels ?? []).map((channel) => [channel.id, channel]));
  store.app = state.app ?? null;
  if (!touchedSince("home", since)) store.home = state.home ?? null;
  if (state.now) setNow(state.now);
  if (state.clock) store.clock = state.clock;
  emit("state");
}

export const setNow = (seconds) => {
  store.clockOffset = seconds - Date.now() / 1000;
};

/** The workspace's time in seconds: the server's clock may have been moved. */
export const now = () => Date.now() / 1000 + store.clockOffset;

export const nameOf = (user) => user?.display_name || user?.real_name || user?.name || "Somebody";
// Slackbot is no bot by its own word, and nobody can be it.
export const isPerson = (user) => !user.is_bot && !user.deleted && user.id !== "USLACKBOT";
export const userName = (id) => (store.users.has(id) ? nameOf(store.users.get(id)) : id === "USLACKBOT" ? "Slackbot" : id);
export const isApp = (userId) => Boolean(userId) && userId === store.app?.user_id;

export function channelName(id) {
  const channel = store.channels.get(id);
  if (!channel) return "a private channel";
  return channel.is_im ? userName(channel.user) : channel.name;
}

export const appChannel = () => [...store.channels.values()].find((channel) => channel.is_im && isApp(channel.user));

/** The channel on the screen, or null (Home, or an app conversation that nobody opened yet). */
export function openChannel() {
  const { kind, id, tab } = store.place;
  if (kind === "channel") return store.channels.get(id) ?? null;
  return kind === "app" && tab === "messages" ? (appChannel() ?? null) : null;
}

const messagesOf = (channel) => {
  if (!store.messages.has(channel)) store.messages.set(channel, new Map());
  return store.messages.get(channel);
};

const byTime = (a, b) => Number(a.ts) - Number(b.ts) || (a.ts < b.ts ? -1 : 1);

/** Messages of a channel in order, those of a thread only. */
export function listed(channel, threadTs = null) {
  const all = [...messagesOf(channel).values()].sort(byTime);
  if (threadTs) return all.filter((message) => message.ts === threadTs || message.thread_ts === threadTs);
  return all.filter((message) => !isReply(message) || message.subtype === "thread_broadcast");
}

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** Replace what is known of a channel (or one thread of it) by what the server just said; our own notes stay. */
export function setMessages(channel, messages, threadTs, since) {
  const known = messagesOf(channel);
  const stale = (message) => !touchedSince(`${channel} ${message.ts}`, since);
  for (const message of listed(channel, threadTs).filter(stale)) if (!message.is_local) known.delete(message.ts);
  for (const message of messages.filter(stale)) known.set(message.ts, message);
  emit("messages", channel);
}

export function putMessage(channel, message) {
  touch(`${channel} ${message.ts}`);
  messagesOf(channel).set(message.ts, message);
  emit("messages", channel);
}

export function dropMessage(channel, ts) {
  touch(`${channel} ${ts}`);
  messagesOf(channel).delete(ts);
  emit("messages", channel);
}

/** A line from "Slackbot" that only this page knows: how Slack says that a command did not work. */
export function noteLocally(channel, text, threadTs) {
  const ts = now().toFixed(6);
  putMessage(channel, { ts, text, user: "USLACKBOT", is_ephemeral: true, is_local: true, thread_ts: threadTs });
}
