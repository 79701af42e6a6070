// The first question of a page that nobody has used yet: who are you?

import { avatar } from "./avatar.js";
import { h, uid } from "./dom.js";
import { openLayer } from "./layers.js";
import { nameOf } from "./store.js";

/** What stands below somebody's name: the title, what they are to the app, and what is special about the account. */
export const aboutPerson = (user) => [user.title, user.role, user.is_admin ? "admin" : user.is_restricted ? "guest" : null].filter(Boolean).join(" · ");

/** Ask who is looking; resolves with the person that is chosen. */
export function askWho(people) {
  return new Promise((chosen) => {
    const title = uid("who");
    const pick = (user) => {
      close();
      chosen(user);
    };
    const cards = people.map((user) => h("button", { type: "button", class: "who-card", onclick: () => pick(user) },
      avatar(user, 40), h("span", { class: "who-words" }, h("strong", {}, nameOf(user)), h("span", { class: "who-about" }, aboutPerson({ ...user, role: "" })), user.role && h("span", { class: "who-role" }, user.role))));
    const sheet = h("div", { class: "who", role: "dialog", "aria-modal": "true", "aria-labelledby": title },
      h("h1", { id: title }, "Who are you?"), h("p", {}, "Be anybody: you can switch at the top right, or open a second tab as somebody else."), h("div", { class: "who-cards" }, cards));
    const close = openLayer(h("div", { class: "backdrop" }, sheet), () => {});
    cards[0].focus();
  });
}
