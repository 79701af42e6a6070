// What Slack's client checks before it bothers the app with a form.

import { isEmpty } from "./values.js";

const REQUIRED = "Please complete this required field.";

function textProblem(element, value) {
  if (element.min_length && value.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  if (element.max_length && value.length > element.max_length) return `Please enter at most ${element.max_length} characters.`;
  return null;
}

function numberProblem(element, value) {
  const shape = element.is_decimal_allowed ? /^-?\d*\.?\d+$/ : /^-?\d+$/;
  if (!shape.test(value.trim())) return element.is_decimal_allowed ? "Please enter a valid number." : "Please enter a whole number.";
  if (element.min_value !== undefined && Number(value) < Number(element.min_value)) return `Please enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && Number(value) > Number(element.max_value)) return `Please enter a number of at most ${element.max_value}.`;
  return null;
}

const CHECKS = {
  plain_text_input: textProblem,
  number_input: numberProblem,
  email_text_input: (element, value) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? null : "Please enter a valid email address."),
  url_text_input: (element, value) => (/^https?:\/\/[^\s/$.?#].\S*$/i.test(value.trim()) ? null : "Please enter a valid URL."),
};

function problemOf(block, state) {
  if (isEmpty(state)) return block.optional ? null : REQUIRED;
  return CHECKS[block.element.type]?.(block.element, state.value) ?? null;
}

/** Errors by block_id; empty when the form may be sent. */
export function validate(blocks, surface) {
  const errors = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const problem = problemOf(block, surface.state(block.block_id, block.element));
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}
