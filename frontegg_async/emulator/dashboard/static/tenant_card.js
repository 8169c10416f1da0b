// The chosen tenant: its fields, actions, users, features and SSO configurations.

import { get, tenantPath } from "./api.js";
import { button, doing, element, number, pretty } from "./dom.js";
import { featureSection } from "./features.js";
import { ssoSection } from "./sso.js";
import { deleteTenant, editTenant, lockTenant, moveTenant } from "./tenant_forms.js";
import { issue } from "./tokens.js";
import { createUser, userActions } from "./user_forms.js";
import { usersOf } from "./users.js";

const MOST = 50;
const SHOWN_APART = ["tenantId", "name", "parentTenantId", "metadata", "isReseller", "isLocked"];

// Returns the elements of the card. reveal shows another tenant, and create creates a sub-account of this tenant.
export async function cardOf(id, countBelow, { reveal, create }) {
  const [tenant, users, features, sso] = await Promise.all([get(tenantPath(id)), usersOf(id), featureSection(id), ssoSection(id)]);
  return [head(tenant), actions(tenant, create), facts(tenant, countBelow, reveal), userSection(id, users), ...features, sso];
}

function head({ name, isReseller, isLocked }) {
  const tags = [];
  if (isReseller) tags.push(element("span", { className: "tag" }, "reseller"));
  if (isLocked) tags.push(element("span", { className: "tag bad" }, "locked"));
  return element("h3", { className: "head" }, element("span", {}, name), ...tags);
}

function actions({ tenantId, isLocked }, create) {
  const action = (id, text, act, className = "small") => button(text, doing(() => act(tenantId)), { id: `tenant-${id}`, className, "data-id": tenantId });
  return element(
    "div",
    { className: "actions" },
    action("edit", "Edit", editTenant),
    action("lock", isLocked ? "Unlock" : "Lock", lockTenant),
    action("move", "Move", moveTenant),
    action("below", "Create a tenant below", create),
    action("delete", "Delete", deleteTenant, "small danger"),
  );
}

function facts(tenant, countBelow, reveal) {
  const list = element("dl");
  const fact = (name, ...value) => list.append(element("dt", {}, name), element("dd", {}, ...value));
  const parent = tenant.parentTenantId;
  fact("tenantId", element("span", { className: "mono" }, tenant.tenantId));
  if (parent) fact("parentTenantId", button(parent, () => reveal(parent), { className: "link mono" }));
  fact("directly below", number(countBelow));
  for (const [name, value] of Object.entries(tenant)) {
    if (!SHOWN_APART.includes(name) && value !== null && value !== "") fact(name, String(value));
  }
  if (tenant.metadata) fact("metadata", element("pre", { tabIndex: 0, role: "region", "aria-label": "metadata" }, pretty(tenant.metadata)));
  return list;
}

function userSection(tenantId, users) {
  const lines = users.slice(0, MOST).map((user) => element("li", {}, element("p", {}, user.email), userActions(user, tenantId)));
  const more = users.length > MOST ? [element("p", { className: "hint" }, `Only the first ${MOST} users are listed here. The view Users lists all of them.`)] : [];
  return element(
    "section",
    { "aria-labelledby": "tenant-users" },
    element("h4", { id: "tenant-users" }, `Users (${number(users.length)})`),
    element("ul", { className: "list" }, ...lines),
    ...more,
    element(
      "div",
      { className: "actions" },
      button("Create a user", doing(() => createUser(tenantId)), { className: "small", "data-id": tenantId }),
      button("Issue a token for somebody else", doing(() => issue(null, tenantId)), { className: "small", "data-id": tenantId }),
    ),
  );
}
