// The view of users.

import { get } from "./api.js";
import { byId, counted, doing, element, fill, marked, number, renew, seldom } from "./dom.js";
import { issue } from "./tokens.js";
import { createUser, userActions } from "./user_forms.js";

const STEP = 100;

const search = byId("user-search");
let users = [];
let total = 0;
let most = STEP;

export async function load() {
  ({ users, total } = await get("users"));
  fill("count-users", number(total));
  show();
}

export async function usersOf(tenantId) {
  await load();
  return users.filter((user) => user.tenantIds.includes(tenantId));
}

const fits = (user, text) =>
  [user.email, user.name ?? "", user.id, ...user.tenantIds].some((field) => field.toLowerCase().includes(text));

function show() {
  const text = search.value.trim().toLowerCase();
  const found = text ? users.filter((user) => fits(user, text)) : users;
  const rows = found.slice(0, most).map((user) =>
    element(
      "tr",
      {},
      element("td", {}, ...marked(user.email, text)),
      element("td", {}, ...marked(user.name ?? "", text)),
      element("td", { className: "mono" }, user.tenantIds.join(", ")),
      element("td", { className: "mono" }, user.permissions.join(", ")),
      element("td", {}, userActions(user, user.tenantId)),
    ),
  );
  renew(byId("user-rows"), ...rows);
  byId("users-more").hidden = found.length <= most;
  fill("user-status", `${text ? `${number(found.length)} found of ` : ""}${counted(total, "user")}`);
}

search.addEventListener("input", seldom(80, () => { most = STEP; show(); }));
byId("users-more").addEventListener("click", () => { most += STEP; show(); });
byId("user-new").addEventListener("click", doing(() => createUser()));
byId("token-new").addEventListener("click", () => issue(null, ""));
