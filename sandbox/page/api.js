// The page's talk with the sandbox server. Every answer is JSON; a refused act throws an Error whose message a person may read.

import { toast } from "./toast.js";

class Refused extends Error {}

async function answerOf(response) {
  const answer = await response.json().catch(() => null);
  if (answer && answer.ok === false) throw new Refused(answer.error || "That did not work.");
  if (!response.ok) throw new Refused(`The sandbox answered with status ${response.status}.`);
  return answer ?? {};
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Refused("The sandbox does not answer. Is it still running?");
  }
}

export async function get(path, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value));
  return answerOf(await reach(`${path}?${query}`));
}

let underWay = 0;
let lastEnd = 0;

/** True while an act of ours is under way or just over: its own answer tells what went wrong. */
export const actsNow = () => underWay > 0 || Date.now() - lastEnd < 1000;

/** This page, among others of the same person: a modal is shown where it was opened, and a reload opens none again. */
export const pageId = crypto.randomUUID();

let person = null;
export const speakAs = (id) => {
  person = id;
};

const post = (path, body) => reach(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export async function act(verb, body = {}) {
  underWay += 1;
  try {
    return await answerOf(await post(`/sandbox/do/${verb}`, { as: person, page: pageId, ...body }));
  } finally {
    underWay -= 1;
    lastEnd = Date.now();
  }
}

/** Add a reaction, or take one's own back. */
export const react = (channel, ts, name) => act("react", { channel, ts, name }).catch((refused) => toast(refused.message));

/** Move the workspace's time: next, jump ({to}), week, stop. */
export const moveClock = async (verb, body = {}) => answerOf(await post(`/sandbox/clock/${verb}`, body));
