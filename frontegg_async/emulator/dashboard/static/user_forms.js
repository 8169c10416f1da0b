// The actions on a user. The service has no operations for these actions, so they change the users in the store.

import { getExactly, parse } from "./api.js";
import { change } from "./changes.js";
import { confirmed } from "./dialogs.js";
import { button, doing, element } from "./dom.js";
import { ask } from "./forms.js";
import { issue } from "./tokens.js";

const FIELDS = [
  { name: "email", kind: "text" },
  { name: "name", kind: "text" },
  { name: "username", kind: "text" },
  { name: "password", kind: "secret", hint: "leave blank to keep it" },
  { name: "tenantId", kind: "tenant", hint: "the active tenant, one of tenantIds" },
  { name: "tenantIds", kind: "list" },
  { name: "permissions", kind: "list" },
  { name: "roles", kind: "list" },
  { name: "allowAccess", kind: "choice", options: [null, true, false], hint: "whether the user may enter sub-accounts" },
  { name: "invisible", kind: "flag" },
  { name: "metadata", kind: "json" },
];

function written({ ...given }) {
  if (given.email === null) given.email = "";
  if (given.metadata) given.metadata = parse(given.metadata);
  return given;
}

async function find(id) {
  const { users } = await getExactly("users");
  const user = users.find((one) => one.id === id);
  if (user === undefined) throw new Error("the user no longer exists");
  return user;
}

export async function createUser(tenantId = "") {
  await ask({
    title: "Create a user",
    submit: "Create",
    isNew: true,
    fields: FIELDS.map((field) => (field.name === "tenantId" ? { ...field, value: tenantId, hint: "" } : { ...field, hint: field.name === "password" ? "" : field.hint })),
    act: (given) => change(`Create ${given.email ?? "a user"}`, "seed", { users: [written(given)] }),
  });
}

async function editUser(id) {
  const user = await find(id);
  const values = { ...user, metadata: user.metadata === null ? null : JSON.stringify(user.metadata, null, 2) };
  await ask({
    title: `Edit ${user.email}`,
    submit: "Save",
    fields: FIELDS.map((field) => ({ ...field, value: values[field.name] })),
    act: (changed) => change(`Edit ${user.email}`, "update-user", { id, changes: written(changed) }),
  });
}

async function deleteUser(id) {
  const { email } = await find(id);
  if (await confirmed(`Delete ${email}? The user's sessions end.`, "Delete")) await change(`Delete ${email}`, "delete-user", { id });
}

// Creates the buttons for a user. The token that a button issues is for the given tenant.
export function userActions({ id, email }, tenantId) {
  const action = (text, act, words, properties = {}) =>
    button(text, doing(act), { className: "small", "aria-label": `${words} ${email}`, "data-id": id, ...properties });
  return element(
    "div",
    { className: "actions" },
    action("Edit", () => editUser(id), "Edit"),
    action("Issue a token", async () => issue(await find(id), tenantId), "Issue a token for"),
    action("Delete", () => deleteUser(id), "Delete", { className: "small danger" }),
  );
}
