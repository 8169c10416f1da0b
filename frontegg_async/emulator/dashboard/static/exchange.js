// The dialog with the request and the response of a journal entry, without secrets.

import { get } from "./api.js";
import { open } from "./dialogs.js";
import { byId, element, fill, number } from "./dom.js";

const dialog = byId("exchange-dialog");

function headers(pairs) {
  const list = element("dl", { className: "headers" });
  for (const [name, value] of pairs) list.append(element("dt", {}, name), element("dd", {}, value));
  return list;
}

function body({ body: text, note, size }, name) {
  const parts = [element("h4", {}, "Body ", element("small", {}, size > 0 ? `${number(size)} bytes` : ""))];
  if (text) parts.push(element("pre", { tabIndex: 0, role: "region", "aria-label": `body of the ${name}` }, text));
  if (note) parts.push(element("p", { className: "hint" }, note));
  return parts;
}

function part(name, title, message) {
  const missing = [element("p", { className: "hint" }, "A fault ended the connection before there was a response.")];
  const parts = message === null ? missing : [element("h4", {}, "Headers"), headers(message.headers), ...body(message, name)];
  return element("section", {}, element("h3", {}, title), ...parts);
}

async function recorded({ trace_id, status }) {
  try {
    const { request, response } = await get(`journal/${encodeURIComponent(trace_id)}`, true);
    const parts = [part("request", "Request", request), part("response", `Response: ${status ?? "none"}`, response)];
    return [element("div", { className: "columns even" }, ...parts)];
  } catch (error) {
    return [element("p", {}, "There are no headers and bodies to show."), element("p", { className: "hint" }, error.message)];
  }
}

export async function showExchange(entry, title, facts) {
  const parts = await recorded(entry);
  fill("exchange-title", title);
  const given = Object.entries(facts).filter(([, value]) => value);
  const list = element("dl", { className: "stats" }, ...given.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("exchange").replaceChildren(list, ...parts);
  open(dialog);
}
