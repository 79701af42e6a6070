// Dates as Slack writes them: the message list's, and the tokens of <!date^…>.

import { now } from "./store.js";
import { dayNumber, formatter, wallOf } from "./zone.js";

const format = (date, options) => formatter(options).format(date);
const at = (seconds) => new Date(Number(seconds) * 1000);
const clockCycle = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions().hourCycle;
const is24h = clockCycle === "h23" || clockCycle === "h24";

const timeOptions = is24h
  ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
  : { hour: "numeric", minute: "2-digit" };

export const clockTime = (ts) => format(at(ts), timeOptions);
const clockSeconds = (ts) => format(at(ts), { ...timeOptions, second: "2-digit" });

function ordinal(day) {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${(!teen && ["th", "st", "nd", "rd"][day % 10]) || "th"}`;
}

export const dayKey = (ts) => {
  const { year, month, day } = wallOf(ts);
  return `${year}-${month}-${day}`;
};

const daysAway = (ts) => dayNumber(ts) - dayNumber(now());

const PRETTY = { "-1": "yesterday", 0: "today", 1: "tomorrow" };
const pretty = (ts, otherwise) => PRETTY[daysAway(ts)] ?? otherwise(ts);

const HALF_A_YEAR = 183;
const yearIfFar = (ts) => (Math.abs(daysAway(ts)) < HALF_A_YEAR ? "" : `, ${wallOf(ts).year}`);
const longDay = (ts) => `${format(at(ts), { month: "long" })} ${ordinal(wallOf(ts).day)}`;
const shortDay = (ts) => format(at(ts), { month: "short", day: "numeric" });
const weekday = (ts) => format(at(ts), { weekday: "long" });

const dateLong = (ts) => `${weekday(ts)}, ${longDay(ts)}${yearIfFar(ts)}`;
const dateMiddle = (ts) => `${longDay(ts)}${yearIfFar(ts)}`;
const dateShort = (ts) => `${shortDay(ts)}${yearIfFar(ts)}`;

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const dayDivider = (ts) => capital(pretty(ts, (when) => `${weekday(when)}, ${longDay(when)}${yearIfFar(when)}`));
export const fullDate = (ts) => `${capital(pretty(ts, dateMiddle))} at ${clockSeconds(ts)}`;

export function ago(ts) {
  const seconds = now() - Number(ts);
  const size = Math.abs(seconds);
  const words = (count, unit) => {
    const amount = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return seconds >= 0 ? `${amount} ago` : `in ${amount}`;
  };
  if (size < 45) return "just now";
  if (size < 3600) return words(Math.max(1, Math.round(size / 60)), "minute");
  if (size < 86_400) return words(Math.round(size / 3600), "hour");
  return words(Math.round(size / 86_400), "day");
}

const TOKENS = {
  date_num: (ts) => {
    const { year, month, day } = wallOf(ts);
    const two = (part) => String(part).padStart(2, "0");
    return `${year}-${two(month)}-${two(day)}`;
  },
  date_slash: (ts) => format(at(ts), { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: dateMiddle,
  date_long: dateLong,
  date_long_full: (ts) => `${weekday(ts)}, ${longDay(ts)}, ${wallOf(ts).year}`,
  date_short: dateShort,
  date_pretty: (ts) => pretty(ts, dateMiddle),
  date_short_pretty: (ts) => pretty(ts, dateShort),
  date_long_pretty: (ts) => pretty(ts, dateLong),
  day_divider_pretty: (ts) => pretty(ts, dateLong),
  time: clockTime,
  time_secs: clockSeconds,
  ago,
};

/** The text of <!date^ts^pattern|fallback>; null when it is malformed and the fallback has to speak. */
export function dateText(ts, pattern) {
  if (!/^-?\d+$/.test(ts) || !pattern) return null;
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (!TOKENS[token]) known = false;
    return TOKENS[token]?.(ts) ?? whole;
  });
  return known ? text : null;
}

const CLOCK = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A moment as the workspace's clock shows it: day "Thu 26 Nov" and time "10:00". */
export function clockFace(ts) {
  const parts = Object.fromEntries(formatter(CLOCK, "en-GB").formatToParts(at(ts)).map((part) => [part.type, part.value]));
  return { day: `${parts.weekday} ${parts.day} ${parts.month}`, time: `${parts.hour}:${parts.minute}` };
}

export const clockMoment = (ts) => Object.values(clockFace(ts)).join(", ");
