// A surface is one message or one view: it keeps what was typed and picked in it, and carries presses to the app.

import { act } from "./api.js";
import { confirm } from "./confirm.js";
import { elementsOf, initialState, isStateful, pickedFrom } from "./values.js";

export class Surface {
  constructor(container, { onTrouble } = {}) {
    this.container = container;
    this.onTrouble = onTrouble;
    this.values = {};
    this.errors = {};
    this.pressing = new Set();
  }

  /** Take over new blocks. A value survives while its block_id and action_id do; everything else starts at its initial value. */
  adopt(blocks, seed = {}) {
    const next = {};
    for (const { block, element } of elementsOf(blocks)) {
      if (!isStateful(element)) continue;
      const kept = this.values[block.block_id]?.[element.action_id] ?? seed?.[block.block_id]?.[element.action_id];
      next[block.block_id] ??= {};
      next[block.block_id][element.action_id] = kept?.type === element.type ? kept : initialState(element);
    }
    this.values = next;
  }

  state(blockId, element) {
    return this.values[blockId]?.[element.action_id] ?? initialState(element);
  }

  set(blockId, element, change) {
    this.values[blockId] ??= {};
    this.values[blockId][element.action_id] = { type: element.type, ...change };
    if (this.errors[blockId]) {
      delete this.errors[blockId];
      this.onErrors?.();
    }
  }

  /** Send one press or pick. False when the person thought better of it in the confirm dialog. */
  async press(blockId, element, node, picked = null) {
    const key = `${blockId} ${element.action_id}`;
    if (this.pressing.has(key)) return false;
    if (element.confirm && !(await confirm(element.confirm, node))) return false;
    this.pressing.add(key);
    node?.setAttribute("data-busy", "");
    node?.setAttribute("aria-busy", "true");
    try {
      await act("click", { container: this.container, block_id: blockId, action_id: element.action_id, picked, state: this.values });
    } catch (refused) {
      this.onTrouble?.(refused.message);
    } finally {
      this.pressing.delete(key);
      node?.removeAttribute("data-busy");
      node?.removeAttribute("aria-busy");
    }
    return true;
  }

  /** A pick in a stateful element: keep it, and tell the app if the element asks for that. */
  async change({ blockId, element, dispatch, node }, change) {
    const before = this.state(blockId, element);
    this.set(blockId, element, change);
    if (!dispatch) return true;
    const sent = await this.press(blockId, element, node, pickedFrom(this.state(blockId, element)));
    if (!sent) this.set(blockId, element, before);
    return sent;
  }

  async options(blockId, element, value) {
    return act("options", { container: this.container, block_id: blockId, action_id: element.action_id, value });
  }
}
