// Date and time inputs: the browser's own, which every keyboard and screen reader knows.

import { debounce, h, spinner } from "./dom.js";
import { textWords } from "./mrkdwn.js";
import { now } from "./store.js";
import { fromInput, toInput } from "./zone.js";

const KINDS = {
  datepicker: { type: "date", name: "Select a date", show: (state) => state.selected_date ?? "", read: (text) => ({ selected_date: text || null }) },
  timepicker: { type: "time", name: "Select a time", show: (state) => state.selected_time ?? "", read: (text) => ({ selected_time: text || null }) },
  datetimepicker: {
    type: "datetime-local",
    name: "Select a date and time",
    show: (state) => (state.selected_date_time === null ? "" : toInput(state.selected_date_time)),
    read: (text) => ({ selected_date_time: fromInput(text) }),
  },
};

export const isDateLike = (element) => element.type in KINDS;

const FIRST_YEAR = /^0/; // somebody is still typing the year: 0002, 0020, 0202

export function dateInput(ctx) {
  const { element, blockId, surface } = ctx;
  const kind = KINDS[element.type];
  const tell = debounce(300, () => surface.press(blockId, element, box, kind.read(input.value)[Object.keys(kind.read(""))[0]]));
  const onChange = () => {
    if (kind.type !== "time" && FIRST_YEAR.test(input.value)) return;
    surface.set(blockId, element, kind.read(input.value));
    if (ctx.dispatch) tell();
  };
  const input = h("input", {
    class: "text-input date-input", type: kind.type, id: ctx.id, value: kind.show(surface.state(blockId, element)), "data-fk": `${blockId} ${element.action_id}`,
    "data-action-id": element.action_id, "aria-label": ctx.labelledBy ? null : ctx.name || textWords(element.placeholder) || kind.name,
    "aria-labelledby": ctx.labelledBy, "aria-describedby": ctx.describedBy, title: textWords(element.placeholder) || null, onchange: onChange,
  });
  const box = h("div", { class: "field-box field-box-date" }, input, spinner());
  return element.timezone ? h("div", {}, box, h("div", { class: "field-hint" }, zoneName(element.timezone))) : box;
}

/** Whose time is meant, when the app says it: "Central European Standard Time". */
function zoneName(timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "long" }).formatToParts(new Date(now() * 1000));
  return parts.find((part) => part.type === "timeZoneName").value;
}
