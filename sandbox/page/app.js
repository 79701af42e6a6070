// The page's start: who is looking, where, and what keeps it up to date.

import { act, get, pageId, speakAs } from "./api.js";
import { askWho } from "./chooser.js";
import { Conversation } from "./conversation.js";
import { byId, debounce } from "./dom.js";
import { loadEmoji } from "./emoji.js";
import { handleEvent } from "./events.js";
import { visitHome, visitMessages } from "./home.js";
import { escapeLayer, topLayer } from "./layers.js";
import { showModals } from "./modal.js";
import { onBe, showClock } from "./clock.js";
import { choosePerson, permalinkOf, readRoute, rememberPerson, writeRoute } from "./route.js";
import { showSidebar } from "./sidebar.js";
import { appChannel, applyState, emit, isApp, isPerson, moment, on, openChannel, setMessages, store, touchedSince } from "./store.js";
import { openStream } from "./stream.js";
import { openSwitcher } from "./switcher.js";
import { restoreTheme } from "./theme.js";
import { ThreadPane } from "./thread.js";
import { toast } from "./toast.js";
import { showTopbar } from "./topbar.js";

let closeStream = null;

const conversation = new Conversation(byId("main"), { go, openThread, showSide: () => showPane("side") });
const thread = new ThreadPane(byId("thread"), { close: () => openThread(null) });

function showPane(pane) {
  document.body.dataset.pane = pane;
}

// --- reading ---------------------------------------------------------------------------------------------------

async function sync({ modals = false } = {}) {
  const since = moment();
  const state = await get("/sandbox/state", { as: store.me.id, page: pageId });
  applyState(state, since);
  return () => modals && !touchedSince("modal", since) && showModals(state.modal);
}

const syncSoon = debounce(60, () => sync().catch(() => {}));

async function loadMessages(channel) {
  const since = moment();
  const { messages } = await get("/sandbox/messages", { as: store.me.id, channel });
  setMessages(channel, messages, null, since);
}

async function loadThread({ channel, ts }) {
  const since = moment();
  const { messages } = await get("/sandbox/messages", { as: store.me.id, channel, thread_ts: ts });
  setMessages(channel, messages, ts, since);
}

async function loadOpen() {
  const channel = openChannel();
  const { list } = conversation;
  list?.waiting(true);
  try {
    if (channel) await loadMessages(channel.id);
    if (store.thread) await loadThread(store.thread);
  } finally {
    list?.waiting(false);
  }
}

const readSoon = debounce(150, () => {
  const channel = openChannel();
  if (!channel?.unread || document.hidden) return;
  channel.unread = 0;
  emit("state");
  act("read", { channel: channel.id }).catch(() => {});
});

// --- going -----------------------------------------------------------------------------------------------------

async function go(place, { history = true } = {}) {
  store.place = place;
  store.thread = null;
  showPane("main");
  if (history) writeRoute({ as: store.me.id, place });
  try {
    if (place.kind === "channel" && !store.channels.has(place.id)) await sync();
    if (place.kind === "app" && place.tab === "messages" && !appChannel()) {
      await act("dm", { user: store.app.user_id });
      await sync();
    }
  } catch (refused) {
    toast(refused.message);
  }
  arrive();
  await loadOpen().catch((refused) => toast(refused.message));
}

function arrive() {
  emit("place");
  document.title = `${titleOf()} · Prickle sandbox`;
  if (store.place.kind === "app" && store.place.tab === "home") visitHome();
  else {
    if (store.place.kind === "app") visitMessages();
    conversation.composer?.focus();
  }
  readSoon();
}

function titleOf() {
  const channel = openChannel();
  return channel && !channel.is_im ? `#${channel.name}` : (conversation.title(channel) ?? "");
}

function openThread(ts, { history = true } = {}) {
  const channel = openChannel();
  const before = store.thread;
  store.thread = ts && channel ? { channel: channel.id, ts } : null;
  showPane(store.thread ? "thread" : "main");
  if (history) writeRoute({ as: store.me.id, place: store.place, thread: ts });
  thread.enter();
  if (store.thread) {
    thread.composer.focus();
    loadThread(store.thread).catch((refused) => toast(refused.message));
  } else if (before) {
    const parent = byId("main").querySelector(`[data-ts="${before.ts}"]`);
    (parent ?? conversation.composer)?.focus();
  }
}

function placeFrom({ channel: wish, tab }) {
  if (tab && store.app) return { kind: "app", tab: tab === "home" && store.app.home_tab ? "home" : "messages" };
  const all = [...store.channels.values()];
  const found = wish && all.find((channel) => channel.id === wish || channel.name === wish);
  if (found?.is_im && isApp(found.user)) return { kind: "app", tab: "messages" };
  const first = found ?? all.find((channel) => !channel.is_im && channel.is_member) ?? all.find((channel) => !channel.is_im) ?? all[0];
  return first ? { kind: "channel", id: first.id } : { kind: "app", tab: "messages" };
}

async function followAddress() {
  const route = readRoute();
  if (route.as && route.as !== store.me.id && route.as !== store.me.name) return become(route.as, { history: false });
  await go(placeFrom(route), { history: false });
  show(route);
  return undefined;
}

/** Open the thread and find the message that an address names. */
function show({ thread: threadTs, message }) {
  if (threadTs) openThread(threadTs, { history: false });
  if (message && !conversation.list?.reveal(message) && !threadTs) toast("That message is not there any more.");
}

// --- being -----------------------------------------------------------------------------------------------------

async function become(wish, { history = true } = {}) {
  const person = store.people.find((user) => user.id === wish || user.name === wish) ?? store.people[0];
  closeStream?.();
  showModals({ stack: [] });
  store.messages.clear();
  store.me = person;
  speakAs(person.id);
  rememberPerson(person.id);
  await listen(person);
  const raiseModals = await sync({ modals: true });
  const route = await withConversation(readRoute());
  const place = placeFrom(route);
  writeRoute({ as: person.id, place, thread: history ? null : route.thread }, { replace: !history });
  await go(place, { history: false });
  if (!history) show(route);
  raiseModals();
}

/** An address that names a person means the conversation with them, opened if need be. */
async function withConversation(route) {
  if (!store.users.has(route.channel) || route.channel === store.me.id) return route;
  const { channel } = await act("dm", { user: route.channel });
  await sync();
  return { ...route, channel };
}

/** Listen first and read then: what happens in between is heard. */
function listen(person) {
  return new Promise((heard) => {
    setTimeout(heard, 3000);
    closeStream = openStream(person.id, {
      onOpen: heard,
      onEvent: (event) => handleEvent(event, { syncSoon, readSoon }),
      onLost: () => setOnline(false),
      onBack: () => catchUp().catch((refused) => toast(refused.message)),
    });
  });
}

function setOnline(online) {
  store.online = online;
  emit("state");
}

async function catchUp() {
  setOnline(true);
  const raiseModals = await sync({ modals: true });
  raiseModals();
  await loadOpen();
}

// --- keeping the screen in step --------------------------------------------------------------------------------

/** Be who is asked, in front of the messages of the app. */
onBe(async (person) => {
  await become(person);
  await go({ kind: "app", tab: "messages" });
});

const tops = () => showTopbar(byId("topbar"), { become, jump: () => openSwitcher(go) });
const sides = () => showSidebar(byId("sidebar"), go);

on("clock", showClock);
on("state", () => {
  showClock();
  tops();
  sides();
  if (store.place.kind !== "none") conversation.refresh();
});
on("place", () => {
  sides();
  conversation.enter();
  thread.enter();
});
on("messages", (channel) => {
  if (channel === conversation.channelId) conversation.showMessages();
  if (channel === store.thread?.channel) thread.showMessages();
});
on("home", () => conversation.refresh());

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!topLayer()) openSwitcher(go);
  }
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (!escapeLayer() && store.thread) openThread(null);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.ctrlKey || event.metaKey) return;
  const place = link.dataset.openChannel ? { channel: link.dataset.openChannel } : permalinkOf(link.href);
  if (!place) return;
  event.preventDefault();
  go(placeFrom(place)).then(() => show(place));
});
document.addEventListener("visibilitychange", () => readSoon());
addEventListener("popstate", () => followAddress());

async function start() {
  restoreTheme();
  const [state] = await Promise.all([get("/sandbox/state"), loadEmoji()]);
  store.people = state.users ?? [];
  const humans = store.people.filter(isPerson);
  if (!humans.length) return toast("Nobody lives in this workspace yet.");
  const person = choosePerson(store.people) ?? (await askWho(humans));
  return become(person.id, { history: false });
}

start().catch((refused) => toast(refused.message));
