// The dialog that issues a user token through the admin API. When the dialog is closed, it forgets the token.

import { post } from "./api.js";
import { open } from "./dialogs.js";
import { byId, doing, element, fill } from "./dom.js";

const dialog = byId("token-dialog");
const form = byId("token-form");
const results = ["token-access", "token-refresh"].map(byId);
let user = null;

export function issue(whose, tenantId) {
  user = whose;
  form.reset();
  clear();
  form.elements.tenantId.value = tenantId;
  form.elements.email.value = user?.email ?? "";
  form.elements.email.readOnly = user !== null;
  byId("token-tenants").replaceChildren(...(user?.tenantIds ?? []).map((id) => element("option", { value: id })));
  open(dialog, form.elements[tenantId ? "permissions" : "tenantId"]);
}

function clear() {
  for (const place of results) place.value = "";
  byId("token-result").hidden = true;
  fill("token-status", "");
  fill("token-error", "");
}

const listed = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);

async function give() {
  const fields = form.elements;
  const body = { tenantId: fields.tenantId.value.trim(), type: fields.type.value };
  if (user !== null) body.user_id = user.id;
  if (fields.email.value.trim()) body.email = fields.email.value.trim();
  for (const name of ["permissions", "roles"]) if (fields[name].value.trim()) body[name] = listed(fields[name].value);
  if (fields.expires_in.value.trim()) body.expires_in = Number(fields.expires_in.value);
  clear();
  const token = await post("user-tokens", body);
  byId("token-access").value = token.accessToken;
  byId("token-refresh").value = token.refreshToken;
  byId("token-result").hidden = false;
  fill("token-status", `Issued. The token is valid for ${token.expiresIn} seconds.`);
  byId("token-copy").focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  give().catch((error) => fill("token-error", error.message));
});

async function copy(place) {
  try {
    await navigator.clipboard.writeText(place.value);
  } catch {
    place.select();
    if (!document.execCommand("copy")) throw new Error("the browser does not let the page copy the token; its text is selected instead");
  }
  fill("token-status", "Copied.");
}

byId("token-copy").addEventListener("click", doing(() => copy(byId("token-access"))));
byId("refresh-copy").addEventListener("click", doing(() => copy(byId("token-refresh"))));
dialog.addEventListener("close", clear);
