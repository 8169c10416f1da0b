// The view of faults: check boxes for common faults, a form for all other faults, and the active faults.

import { get, post, remove } from "./api.js";
import { button, byId, doing, element, number, renew, say } from "./dom.js";

const SWITCHES = [
  { name: "Unavailable: every request gets the status 503", stage: "accept", action: { type: "status", status: 503 }, match: {} },
  { name: "Rate limited: every request gets the status 429", stage: "accept", action: { type: "rate_limit", reset_in: 5, with_header: true }, match: {} },
  { name: "Slow: every response takes two seconds more", stage: "accept", action: { type: "delay", seconds: 2 }, match: {} },
  { name: "Down: connections are reset", stage: "accept", action: { type: "reset" }, match: {} },
  { name: "Forgetful: changes are made, but their responses are lost", stage: "after_commit", action: { type: "reset" }, match: { method: "POST", path: "/tenants/*" } },
  { name: "Cut short: responses end after 20 bytes", stage: "in_body", action: { type: "truncate", bytes: 20 }, match: { path: "/tenants/*" } },
];

const EXAMPLES = { status: "503", body: '{"errors": ["closed"]}', headers: '{"Retry-After": "9"}', seconds: "2", reset_in: "5", with_header: "true", location: "https://elsewhere.example/", bytes: "20", every: "0.1", encoding: "gzip", size: "1000000" };
const OPTIONAL = new Set(["body", "headers", "with_header", "reset_in", "encoding"]);

const form = byId("fault-form");
let kinds = null;
let faults = [];

const covers = (given, wanted) => Object.entries(wanted).every(([name, value]) => given[name] === value);
const sameMatch = (one, other) => covers(one, other) && covers(other, one);
const isOn = (one) => (fault) => fault.stage === one.stage && !fault.everywhere && sameMatch(fault.match, one.match) && covers(fault.action, one.action);

export async function load() {
  kinds ??= await readKinds();
  const [here, everywhere] = await Promise.all([get("faults"), get("faults", true)]);
  faults = [...here.faults, ...everywhere.faults.map((fault) => ({ ...fault, everywhere: true }))];
  byId("count-faults").textContent = faults.length > 0 ? number(faults.length) : "";
  show();
}

async function readKinds() {
  const read = await get("fault-kinds", true);
  form.elements.stage.replaceChildren(...Object.keys(read.stages).map((stage) => element("option", {}, stage)));
  kinds = read;
  offerActions();
  return read;
}

const OF_REQUESTS = ["method", "path"];
const OF_DELIVERIES = ["event"];
const matchFields = () => (form.elements.stage.value === "delivery" ? OF_DELIVERIES : OF_REQUESTS);

function offerActions() {
  for (const name of [...OF_REQUESTS, ...OF_DELIVERIES]) form.elements[name].closest("label").hidden = !matchFields().includes(name);
  const before = form.elements.action.value;
  const actions = kinds.stages[form.elements.stage.value];
  form.elements.action.replaceChildren(...actions.map((kind) => element("option", { selected: kind === before }, kind)));
  if (!actions.includes(before) && actions.includes("status")) form.elements.action.value = "status";
  offerFields();
}

function offerFields() {
  const place = byId("fault-fields");
  const fields = kinds.actions[form.elements.action.value];
  const inputs = fields.map((name) => {
    const input = element("input", { name: `field-${name}`, placeholder: EXAMPLES[name] ?? "", spellcheck: false, required: !OPTIONAL.has(name) });
    return element("label", {}, `${name}${OPTIONAL.has(name) ? " (optional)" : ""}`, input);
  });
  place.replaceChildren(place.querySelector("legend"), ...inputs);
  place.hidden = fields.length === 0;
}

function show() {
  renew(
    byId("fault-switches"),
    ...SWITCHES.map((one, at) => {
      const box = element("input", { type: "checkbox", role: "switch", checked: faults.some(isOn(one)), id: `switch-${at}` });
      box.addEventListener("change", doing(() => turn(one, box.checked)));
      return element("li", {}, element("label", { className: "check" }, box, one.name));
    }),
  );
  byId("fault-none").hidden = faults.length > 0;
  byId("faults-off").hidden = faults.length === 0;
  renew(
    byId("fault-list"),
    ...faults.map((fault) =>
      element(
        "li",
        {},
        element(
          "div",
          {},
          element("p", { className: "mono" }, JSON.stringify(told(fault.action))),
          element("p", { className: "hint" }, `${fault.id}, at ${fault.stage}, on ${described(fault)}${fault.everywhere ? ", in all environments" : ""}; acted ${number(fault.fired)} ${fault.fired === 1 ? "time" : "times"}`),
        ),
        button("Switch off", doing(() => off([fault])), { "aria-label": `Switch off ${fault.id}` }),
      ),
    ),
  );
}

// Returns the fields of an action without the empty fields.
const told = (action) => Object.fromEntries(Object.entries(action).filter(([, value]) => value !== null && JSON.stringify(value) !== "{}"));

function described({ stage, match: { method, path, event, nth, times, probability } }) {
  const parts = [stage === "delivery" ? (event ?? "any event") : `${method ?? "any method"} ${path ?? "any path"}`];
  if (nth !== undefined) parts.push(`only match number ${nth}`);
  if (times !== undefined) parts.push(`at most ${times} times`);
  if (probability !== undefined) parts.push(`with probability ${probability}`);
  return parts.join(", ");
}

async function turn({ stage, action, match }, on) {
  try {
    if (on) await post("faults", { stage, action, match });
    else await Promise.all(faults.filter(isOn({ stage, action, match })).map(({ id }) => remove(`faults/${id}`)));
  } finally {
    await load();
  }
}

async function off(some) {
  await Promise.all(some.map(({ id, everywhere }) => remove(`faults/${encodeURIComponent(id)}`, everywhere)));
  await load();
  say(some.length === 1 ? `${some[0].id} is off.` : "All faults are off.");
}

// Text that is valid JSON becomes a JSON value. Other text stays text.
function value(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

form.elements.stage.addEventListener("change", offerActions);
form.elements.action.addEventListener("change", offerFields);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const fields = form.elements;
    const action = { type: fields.action.value };
    for (const name of kinds.actions[action.type]) {
      const text = fields[`field-${name}`].value.trim();
      if (text) action[name] = value(text);
    }
    const match = {};
    for (const name of matchFields()) if (fields[name].value.trim()) match[name] = fields[name].value.trim();
    for (const name of ["nth", "times", "probability"]) if (fields[name].value.trim()) match[name] = value(fields[name].value);
    const made = await post("faults", { stage: fields.stage.value, action, match }, fields.everywhere.checked);
    await load();
    say(`${made.id} is on.`);
  })();
});
byId("faults-off").addEventListener("click", doing(() => off(faults)));
