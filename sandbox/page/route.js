// The address bar: ?as=U… &channel=C… &thread=ts &message=ts, or &tab=home | messages for the app. Names work in place of ids.

export function readRoute() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as"), channel: query.get("channel"), tab: query.get("tab"), thread: query.get("thread"), message: query.get("message") };
}

export function hrefFor({ as, place, thread }) {
  const query = new URLSearchParams();
  if (as) query.set("as", as);
  if (place?.kind === "channel") query.set("channel", place.id);
  if (place?.kind === "app") query.set("tab", place.tab);
  if (thread) query.set("thread", thread);
  return `${location.pathname}?${query}`;
}

export function writeRoute(route, { replace = false } = {}) {
  const href = hrefFor(route);
  if (href === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", href);
}

/** The place that a permalink (/archives/C…/p…) of this workspace leads to; null for any other address. */
export function permalinkOf(href) {
  const url = new URL(href, location.href);
  const [, channel, seconds, rest] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname) ?? [];
  if (!channel || url.port !== location.port) return null;
  return { channel, message: `${seconds}.${rest}`, thread: url.searchParams.get("thread_ts") };
}

const PERSON = "prickle-sandbox-person";

/** Who is looking: the address says it, or it is who it was last time; null for somebody new. */
export function choosePerson(people) {
  const find = (wish) => wish && people.find((user) => user.id === wish || user.name === wish);
  return find(readRoute().as) || find(localStorage.getItem(PERSON)) || null;
}

export const rememberPerson = (id) => localStorage.setItem(PERSON, id);
