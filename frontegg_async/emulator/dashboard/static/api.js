// The admin API, for the environment that is chosen or for all.

export const ROOT = "/_emulator/v1/";

export const chosen = { environment: "emu_client" };

export const pathOf = (verb, everywhere = false) =>
  everywhere ? ROOT + verb : `${ROOT}environments/${encodeURIComponent(chosen.environment)}/${verb}`;

async function send(method, verb, text, everywhere) {
  const options = { method, headers: {} };
  if (text !== undefined) {
    options.body = text;
    options.headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(pathOf(verb, everywhere), options);
  const read = await answer.text();
  const value = read ? JSON.parse(read) : null;
  if (!answer.ok) throw new Error(value?.error ?? `the emulator answered ${answer.status}`);
  return { value, version: answer.headers.get("x-frontegg-emulator") };
}

export const get = async (verb, everywhere) => (await send("GET", verb, undefined, everywhere)).value;
export const post = async (verb, body, everywhere) => (await send("POST", verb, JSON.stringify(body), everywhere)).value;
// JSON text goes as it is: a number that JavaScript would round stays what it is.
export const postText = async (verb, text) => (await send("POST", verb, text)).value;
export const remove = async (verb, everywhere) => (await send("DELETE", verb, undefined, everywhere)).value;
export const version = async () => (await send("GET", "health", undefined, true)).version;

export const tenantPath = (id, part = "") => `tenants/${encodeURIComponent(id)}${part}`;
