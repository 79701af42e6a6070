// Where the options of each kind of select come from, and how a pick becomes state.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { channelName, nameOf, openChannel, store, userName } from "./store.js";

const fromOption = (option) => ({
  key: option.value,
  label: textWords(option.text),
  nodes: () => textNodes(option.text),
  detail: option.description && (() => textNodes(option.description)),
  raw: option,
});

const fromUser = (id) => {
  const user = store.users.get(id);
  return { key: id, label: userName(id), detail: user?.is_bot ? () => ["app"] : null, picture: () => avatar(user, 20), words: user?.name };
};

const fromChannel = (id) => {
  const channel = store.channels.get(id);
  if (channel?.is_im) return { ...fromUser(channel.user), key: id };
  return { key: id, label: channelName(id), picture: () => h("span", { class: "option-sign" }, icon(channel?.is_private ? "lock" : "hash", 14)) };
};

function groupsOf(source) {
  if (source.option_groups) return source.option_groups.map((group) => ({ label: textWords(group.label), options: group.options.map(fromOption) }));
  return [{ options: (source.options ?? []).map(fromOption) }];
}

const people = () => {
  const alive = [...store.users.values()].filter((user) => !user.deleted).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return [{ options: alive.map((user) => fromUser(user.id)) }];
};

const byName = (a, b) => channelName(a.id).localeCompare(channelName(b.id));

const publicChannels = () => {
  const all = [...store.channels.values()].filter((channel) => !channel.is_im && !channel.is_private && !channel.is_archived);
  return [{ options: all.sort(byName).map((channel) => fromChannel(channel.id)) }];
};

function conversations(element) {
  const kinds = element.filter?.include ?? ["public", "private", "im", "mpim"];
  const kindOf = (channel) => (channel.is_im ? "im" : channel.is_mpim ? "mpim" : channel.is_private ? "private" : "public");
  const all = [...store.channels.values()].filter((channel) => !channel.is_archived && kinds.includes(kindOf(channel)));
  const shown = all.filter((channel) => !(element.filter?.exclude_bot_users && store.users.get(channel.user)?.is_bot));
  return [{ options: shown.sort(byName).map((channel) => fromChannel(channel.id)) }];
}

const single = (field, from) => ({
  selected: (state) => (state[field] ? [from(state[field])] : []),
  toState: (items) => ({ [field]: items[0] ? (items[0].raw ?? items[0].key) : null }),
});
const multiple = (field, from) => ({
  selected: (state) => (state[field] ?? []).map(from),
  toState: (items) => ({ [field]: items.map((item) => item.raw ?? item.key) }),
});

const SHAPES = {
  static_select: single("selected_option", fromOption),
  external_select: single("selected_option", fromOption),
  users_select: single("selected_user", fromUser),
  channels_select: single("selected_channel", fromChannel),
  conversations_select: single("selected_conversation", fromChannel),
  multi_static_select: multiple("selected_options", fromOption),
  multi_external_select: multiple("selected_options", fromOption),
  multi_users_select: multiple("selected_users", fromUser),
  multi_channels_select: multiple("selected_channels", fromChannel),
  multi_conversations_select: multiple("selected_conversations", fromChannel),
};

export const isSelect = (element) => element.type in SHAPES;
export const isMulti = (element) => element.type.startsWith("multi_");
export const isExternal = (element) => element.type.endsWith("external_select");

/** {selected(state), toState(items), load(query)}: load answers groups, at once or as a promise. */
export function choicesFor(element, surface, blockId) {
  const kind = element.type.replace("multi_", "");
  const loads = {
    static_select: () => groupsOf(element),
    external_select: async (query) => groupsOf(await surface.options(blockId, element, query)),
    users_select: people,
    channels_select: publicChannels,
    conversations_select: () => conversations(element),
  };
  return { ...SHAPES[element.type], load: loads[kind] };
}

/** default_to_current_conversation: the channel that the person is looking at. */
export function currentConversation(element) {
  const here = openChannel();
  if (!element.default_to_current_conversation || !here) return null;
  return isMulti(element) ? { selected_conversations: [here.id] } : { selected_conversation: here.id };
}
