// The person's own time zone: what the clock on their desk shows, wherever this browser runs.

import { store } from "./store.js";

export const zone = () => store.me?.tz || undefined;

const formatters = new Map();

/** Intl.DateTimeFormat in the person's zone; making one is slow, so each is made once. */
export function formatter(options, locale = "en-US") {
  const key = JSON.stringify([zone(), options, locale]);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone() }));
  return formatters.get(key);
}

const WALL = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" };

/** What calendar and clock on the wall show at `seconds` since the epoch: {year, month, day, hour, minute, second}. */
export function wallOf(seconds) {
  const parts = formatter(WALL).formatToParts(new Date(Number(seconds) * 1000));
  return Object.fromEntries(parts.filter((part) => part.type in WALL).map((part) => [part.type, Number(part.value)]));
}

const asIfUtc = ({ year, month, day, hour = 0, minute = 0, second = 0 }) => Date.UTC(year, month - 1, day, hour, minute, second) / 1000;

/** Seconds since the epoch when the wall shows that. */
export function epochOf(wall) {
  const wanted = asIfUtc(wall);
  const first = wanted - (asIfUtc(wallOf(wanted)) - wanted);
  return first - (asIfUtc(wallOf(first)) - wanted); // once more: the zone's offset may differ between the two
}

/** Days since the epoch of that day on the wall: differences count days. */
export const dayNumber = (seconds) => {
  const { year, month, day } = wallOf(seconds);
  return asIfUtc({ year, month, day }) / 86_400;
};

const two = (part) => String(part).padStart(2, "0");

/** As the value of <input type="datetime-local">. */
export function toInput(seconds) {
  const { year, month, day, hour, minute } = wallOf(seconds);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The other way round; null for an empty or half-typed value. */
export function fromInput(text) {
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text ?? "")?.map(Number) ?? [];
  return year ? epochOf({ year, month, day, hour, minute }) : null;
}
