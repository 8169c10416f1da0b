// Calls the admin API, for the chosen environment or for all environments.

export const ROOT = "/_emulator/v1/";

export const chosen = { environment: "emu_client" };

export const pathOf = (verb, everywhere = false) =>
  everywhere ? ROOT + verb : `${ROOT}environments/${encodeURIComponent(chosen.environment)}/${verb}`;

// Parses JSON for a form. Whole numbers that JavaScript would round become objects, which JSON.stringify writes unchanged.
export const parse = (text) =>
  JSON.parse(text, (_, value, context) => {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    if (JSON.rawJSON === undefined) throw new Error(`this browser would change the number ${value}: use a newer one`);
    return JSON.rawJSON(context.source);
  });

async function send(method, verb, text, everywhere, read = JSON.parse) {
  const options = { method, headers: {} };
  if (text !== undefined) {
    options.body = text;
    options.headers["Content-Type"] = "application/json";
  }
  const response = await fetch(pathOf(verb, everywhere), options);
  const body = await response.text();
  const value = body ? read(body) : null;
  if (!response.ok) throw new Error(value?.error ?? `the emulator responded with ${response.status}`);
  return { value, version: response.headers.get("x-frontegg-emulator") };
}

export const get = async (verb, everywhere) => (await send("GET", verb, undefined, everywhere)).value;
export const getExactly = async (verb) => (await send("GET", verb, undefined, false, parse)).value;
export const post = async (verb, body, everywhere) => (await send("POST", verb, JSON.stringify(body), everywhere)).value;
// Sends JSON text unchanged, since JavaScript would round large numbers in it.
export const postText = async (verb, text) => (await send("POST", verb, text)).value;
export const remove = async (verb, everywhere) => (await send("DELETE", verb, undefined, everywhere)).value;
export const version = async () => (await send("GET", "health", undefined, true)).version;

export const tenantPath = (id, part = "") => `tenants/${encodeURIComponent(id)}${part}`;
