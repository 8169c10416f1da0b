// All operations that the emulator serves, with the number of requests of each.

import { get } from "./api.js";
import { byId, element, marked, number, seldom } from "./dom.js";

const EVIDENCE = { documented: "documented", live: "observed", client: "used by other clients", assumed: "assumed" };

const search = byId("operation-search");
let operations = [];
let counts = {};

export async function load() {
  if (operations.length === 0) ({ operations } = await get("operations", true));
  ({ requests: counts } = await get("stats"));
  show();
}

function show() {
  const text = search.value.trim().toLowerCase();
  const found = operations.filter(({ name, method, path }) => `${name} ${method} ${path}`.toLowerCase().includes(text));
  byId("operation-rows").replaceChildren(
    ...found.map((one) =>
      element(
        "tr",
        {},
        element("td", { title: one.summary }, ...marked(one.name, text)),
        element("td", { className: "mono" }, element("span", { className: "verb" }, one.method), " ", ...marked(one.path, text)),
        element("td", {}, one.auth.join(", or ") || "no credential"),
        element("td", {}, EVIDENCE[one.evidence]),
        element("td", { className: "number" }, counts[one.name] === undefined ? "" : number(counts[one.name])),
      ),
    ),
  );
  byId("operation-status").textContent = `${number(found.length)} of ${number(operations.length)} operations`;
}

search.addEventListener("input", seldom(80, show));
