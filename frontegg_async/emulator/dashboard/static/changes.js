// Changes of the data that the emulator checks, and the button that undoes the last change.

import { get, post, postText } from "./api.js";
import { byId, doing, focusView, say } from "./dom.js";

const undo = byId("undo");

export async function load() {
  const { label, obstacle } = await get("undo");
  undo.hidden = label === null;
  undo.textContent = `Undo: ${label}`;
  undo.setAttribute("aria-disabled", obstacle !== null); // pressed all the same, it tells why
}

// Makes a change with a verb (method) of the admin API. The body for the verb is JSON text.
export async function changeByText(label, verb, text) {
  const named = `"label": ${JSON.stringify(label)}, "verb": ${JSON.stringify(verb)}`;
  const result = await postText("change", `{${named}, "body": ${text}}`);
  await load();
  say(`${label}: done.`);
  return result;
}

export const change = (label, verb, body = null) => changeByText(label, verb, JSON.stringify(body));

// Describes a call of a service operation. tenantId is the value of the tenant header.
export const call = (operation, path = {}, body = {}, tenantId = "") => ({ operation, path, body, tenantId });

// Makes a change with one or more operations, and returns the bodies of their responses.
export async function operate(label, ...calls) {
  const { results } = await change(label, "calls", { calls });
  return results.map(({ body }) => body);
}

undo.addEventListener("click", doing(async () => {
  const { undone } = await post("undo");
  say(`Undone: ${undone}.`);
  await load();
  if (undo.hidden) focusView();
}));
