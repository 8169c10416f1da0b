// The fields of forms. Each has a label, an input for its kind of value, and a place for its error.

import { get, post } from "./api.js";
import { byId, element } from "./dom.js";

const OFFERED = 20;

const text = ({ value }) => (value === "" ? null : value);
const lines = ({ value }) => value.split("\n").map((line) => line.trim()).filter(Boolean);

const area = (rows, value) => element("textarea", { rows, value: value ?? "", spellcheck: false });
const line = (type, value) => element("input", { type, value: value ?? "", autocomplete: "off", spellcheck: false });

const select = (options, value) =>
  element(
    "select",
    {},
    ...options.map((option) => element("option", { value: JSON.stringify(option), selected: option === (value ?? null) }, option === null ? "not set" : String(option))),
  );

// For each kind of value, the functions that create the input and read its value.
const KINDS = {
  text: { make: ({ value }) => line("text", value), read: text },
  secret: { make: () => line("password", ""), read: text },
  number: { make: ({ value }) => line("text", value), read: ({ value }) => (value.trim() === "" || isNaN(value) ? text({ value }) : Number(value)) },
  flag: { make: ({ value }) => element("input", { type: "checkbox", checked: value === true }), read: ({ checked }) => checked },
  choice: { make: ({ options, value }) => select(options, value), read: ({ value }) => JSON.parse(value) },
  list: { make: ({ value }) => area(2, (value ?? []).join("\n")), read: lines, hint: "one per line" },
  json: { make: ({ value }) => area(6, value), read: text, hint: "JSON" },
  area: { make: ({ value }) => area(8, value), read: text },
  tenant: { make: ({ value }) => offering(line("text", value)), read: text },
};

// Creates an input for the id of a tenant. It suggests tenants whose id or name contains the typed text.
function offering(input) {
  const list = byId("tenant-offers");
  const reading = get("tenants");
  input.setAttribute("list", list.id);
  input.addEventListener("input", async () => {
    const typed = input.value.toLowerCase();
    const { tenants } = await reading;
    const fits = tenants.filter(({ tenantId, name }) => `${tenantId} ${name}`.toLowerCase().includes(typed));
    list.replaceChildren(...fits.slice(0, OFFERED).map(({ tenantId, name }) => element("option", { value: tenantId }, name)));
  });
  return input;
}

export class Field {
  // Takes a name, a kind, a value, options for a choice, and a hint.
  constructor({ name, kind, hint = KINDS[kind].hint, ...given }) {
    this.name = name;
    this.kind = kind;
    this.input = KINDS[kind].make(given);
    Object.assign(this.input, { name, id: `field-${name}` });
    this.input.setAttribute("aria-describedby", `hint-${name} error-${name}`);
    this.error = element("p", { id: `error-${name}`, className: "error" });
    this.before = JSON.stringify(this.value);
    const label = element("label", { htmlFor: this.input.id }, name);
    const note = element("p", { id: `hint-${name}`, className: "hint" }, hint ?? "");
    const isWide = kind === "json" || kind === "area";
    this.row = element("div", { className: `field ${kind}${isWide ? " wide" : ""}` }, label, this.input, note, this.error);
  }

  get value() {
    return KINDS[this.kind].read(this.input);
  }

  get isChanged() {
    return JSON.stringify(this.value) !== this.before;
  }

  get isFilled() {
    const { value } = this;
    return value !== null && value !== false && value.length !== 0;
  }

  say(problem) {
    this.error.textContent = problem;
    if (problem) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  // Lets the emulator check JSON, since the errors of the emulator name line and column.
  async check() {
    if (this.kind === "json" && this.value !== null) await post("check-json", { name: this.name, text: this.value }, true);
  }

  // Returns whether an error is about this field: the message begins with the name of the field, or a path contains it.
  isNamedIn(problem) {
    return new RegExp(`(^|; |\\.|\`)${this.name}\\b`).test(problem);
  }
}
