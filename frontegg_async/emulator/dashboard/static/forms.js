// The dialog with a form. The emulator checks the values. Each of its errors is shown at the field that it names.

import { confirmed, open } from "./dialogs.js";
import { byId, complain, fill, say } from "./dom.js";
import { Field } from "./fields.js";

const dialog = byId("form-dialog");
const form = byId("form");
let shown = null;

/* Shows a form, and returns the result of the function act; null if the user closed the form.
 *
 * act gets the values of the fields by their names. In a form for a new object, these are the fields with a value. In
 * any other form, these are the changed fields. If act throws an error, the form shows the error and stays open. */
export function ask({ title, submit, fields, isNew = false, act }) {
  fill("form-title", title);
  fill("form-submit", submit);
  fill("form-error", "");
  const made = fields.map((field) => new Field(field));
  byId("form-fields").replaceChildren(...made.map(({ row }) => row));
  open(dialog, made[0].input);
  return new Promise((done) => {
    shown = { fields: made, isNew, act, result: null };
    dialog.addEventListener("close", () => {
      byId("form-fields").replaceChildren(); // with passwords that were typed
      done(shown.result);
      shown = null;
    }, { once: true });
  });
}

async function submit(current) {
  const { fields, isNew, act } = current;
  const given = fields.filter((field) => (isNew ? field.isFilled : field.isChanged));
  for (const field of fields) field.say("");
  fill("form-error", "");
  for (const field of given) await field.check();
  if (given.length > 0 || isNew) current.result = await act(Object.fromEntries(given.map(({ name, value }) => [name, value])));
  else say("Nothing was changed.");
  if (shown === current) dialog.close();
}

function tell(current, error) {
  const field = current.fields.find((one) => one.isNamedIn(error.message));
  if (shown !== current) {
    complain(error); // the form was closed meanwhile
  } else if (field === undefined) {
    fill("form-error", error.message);
  } else {
    field.say(error.message);
    field.input.focus({ preventScroll: true });
    field.row.scrollIntoView({ block: "nearest" });
  }
}

// Escape asks before it discards typed text. The event "cancel" does not work, since browsers let a page refuse it only once.
document.addEventListener("keydown", async (event) => {
  if (event.key !== "Escape" || event.isComposing || shown === null || byId("confirm-dialog").open) return;
  if (!shown.fields.some(({ isChanged }) => isChanged)) return;
  event.preventDefault();
  if (await confirmed("Discard what you typed?", "Discard")) dialog.close();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const current = shown;
  if (current === null || current.isBusy) return;
  current.isBusy = true;
  submit(current).catch((error) => tell(current, error)).finally(() => { current.isBusy = false; });
});
