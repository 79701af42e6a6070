// The state of each kind of element, in the shape of Slack's state.values.

const text = { initial: (el) => ({ value: el.initial_value ?? null }), picked: (state) => state.value };
const one = (field, initial) => ({ initial: (el) => ({ [field]: el[initial] ?? null }), picked: (state) => state[field] });
const many = (field, initial) => ({ initial: (el) => ({ [field]: el[initial] ?? [] }), picked: (state) => state[field] });
// What an app offered on request is sent back whole: the server has no list to look it up in.
const whole = (type, option) => (type.endsWith("external_select") ? option : option.value);
const option = {
  initial: (el) => ({ selected_option: el.initial_option ?? null }),
  picked: (state) => (state.selected_option ? whole(state.type, state.selected_option) : null),
};
const options = {
  initial: (el) => ({ selected_options: el.initial_options ?? [] }),
  picked: (state) => state.selected_options.map((item) => whole(state.type, item)),
};

const KINDS = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  static_select: option,
  external_select: option,
  radio_buttons: option,
  multi_static_select: options,
  multi_external_select: options,
  checkboxes: options,
  users_select: one("selected_user", "initial_user"),
  channels_select: one("selected_channel", "initial_channel"),
  conversations_select: one("selected_conversation", "initial_conversation"),
  multi_users_select: many("selected_users", "initial_users"),
  multi_channels_select: many("selected_channels", "initial_channels"),
  multi_conversations_select: many("selected_conversations", "initial_conversations"),
  datepicker: one("selected_date", "initial_date"),
  timepicker: one("selected_time", "initial_time"),
  datetimepicker: one("selected_date_time", "initial_date_time"),
};

export const isStateful = (element) => Boolean(element) && element.type in KINDS;
export const initialState = (element) => ({ type: element.type, ...KINDS[element.type].initial(element) });
export const pickedFrom = (state) => KINDS[state.type]?.picked(state) ?? null;

export function isEmpty(state) {
  const picked = pickedFrom(state);
  return picked === null || picked === undefined || picked === "" || (Array.isArray(picked) && !picked.length) || (typeof picked === "string" && !picked.trim());
}

/** Every interactive element of some blocks, with the block it stands in. */
export function elementsOf(blocks) {
  return (blocks ?? []).flatMap((block) => {
    const inside = block.type === "input" ? [block.element] : block.type === "section" ? [block.accessory] : block.type === "actions" ? block.elements : [];
    return (inside ?? []).filter(Boolean).map((element) => ({ block, element }));
  });
}
