// The address bar: ?as=U… &channel=C… &thread=ts, or &tab=home | messages for the app. Names work in place of ids.

export function readRoute() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as"), channel: query.get("channel"), tab: query.get("tab"), thread: query.get("thread") };
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

const PERSON = "prickle-sandbox-person";

/** Who is looking: the address says it, or it is who it was last time; null for somebody new. */
export function choosePerson(people) {
  const find = (wish) => wish && people.find((user) => user.id === wish || user.name === wish);
  return find(readRoute().as) || find(localStorage.getItem(PERSON)) || null;
}

export const rememberPerson = (id) => localStorage.setItem(PERSON, id);
