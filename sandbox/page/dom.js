// The few lines that stand between this page and the DOM. Data only ever becomes text nodes and attributes.

export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (name === "style") node.style.cssText = value;
  else if (name === "value") node.value = value;
  else if (name === "checked" || name === "disabled" || name === "hidden") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child);
  }
  return node;
}

let counter = 0;
export const uid = (prefix) => `${prefix}-${++counter}`;

export const byId = (id) => document.getElementById(id);

/**
 * Make `root` show `items` ({key, sig, make}), keeping every node whose signature did not change: typed text,
 * open menus, scroll and focus survive an update of the rest.
 */
export function reconcile(root, items) {
  const old = root.kept ?? new Map();
  const kept = new Map();
  let refocus = null;
  for (const { key, sig, make } of items) {
    const before = old.get(key);
    const node = before && before.sig === sig ? before.node : make();
    if (before && before.node !== node) refocus ??= rememberFocus(before.node, node);
    kept.set(key, { sig, node });
  }
  const wanted = [...kept.values()].map((entry) => entry.node);
  const living = new Set(wanted);
  for (const child of [...root.childNodes]) if (!living.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (root.childNodes[index] !== node) root.insertBefore(node, root.childNodes[index] ?? null);
  });
  root.kept = kept;
  refocus?.();
}

/** When `before` holds the focus: a function that gives it to the same control in `after`, caret included. */
function rememberFocus(before, after) {
  const active = document.activeElement;
  if (!active || !before.contains(active)) return null;
  const caret = "selectionStart" in active && caretOf(active);
  return () => {
    const same = [after, ...after.querySelectorAll("[data-fk]")].find((node) => node.dataset.fk === active.dataset.fk);
    const next = active.dataset.fk && same ? same : after; // a pressed button may be gone: its message is the next best
    next.focus({ preventScroll: true });
    if (caret) setCaret(next, caret);
  };
}

function caretOf(input) {
  try {
    return input.selectionStart === null ? null : [input.selectionStart, input.selectionEnd];
  } catch {
    return null; // e-mail and number inputs have no caret to ask for
  }
}

function setCaret(input, [start, end]) {
  try {
    input.setSelectionRange(start, end);
  } catch {
    // as above
  }
}

/** Put a popup (position: fixed, top layer) under `anchor`, or above it where there is no room. Returns a stop function. */
export function anchorPopup(popup, anchor, { align = "start", matchWidth = false } = {}) {
  const place = () => {
    const box = anchor.getBoundingClientRect();
    if (matchWidth) popup.style.width = `${Math.max(box.width, 200)}px`;
    const { offsetWidth: width, offsetHeight: height } = popup;
    const below = innerHeight - box.bottom;
    const top = below < height + 12 && box.top > below ? Math.max(8, box.top - height - 4) : box.bottom + 4;
    const wish = align === "end" ? box.right - width : box.left;
    popup.style.top = `${Math.round(top)}px`;
    popup.style.left = `${Math.round(Math.max(8, Math.min(wish, innerWidth - width - 8)))}px`;
  };
  popup.popover = "manual"; // the top layer: nothing clips it, whatever scrolls around it
  popup.showPopover();
  place();
  const watcher = new ResizeObserver(place);
  watcher.observe(popup);
  watcher.observe(anchor);
  addEventListener("scroll", place, true);
  addEventListener("resize", place);
  return () => {
    watcher.disconnect();
    removeEventListener("scroll", place, true);
    removeEventListener("resize", place);
  };
}

export function debounce(wait, run) {
  let timer;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

export const spinner = () => h("span", { class: "spinner", "aria-hidden": "true" });
