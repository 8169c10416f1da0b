// The SSO configurations of a tenant, and the operations that change the configurations.

import { get, getExactly, parse, tenantPath } from "./api.js";
import { call, operate } from "./changes.js";
import { confirmed } from "./dialogs.js";
import { button, doing, element } from "./dom.js";
import { ask } from "./forms.js";

const JSON_FIELD = "configMetadata";

const pathOf = (tenantId) => tenantPath(tenantId, "/sso");
const rolesOf = ({ defaultRoles }) => defaultRoles.roleIds ?? defaultRoles;
const nameOf = ({ type, ssoEndpoint, id }) => `${type} ${ssoEndpoint || id}`;

async function find(tenantId, id) {
  const { configurations } = await getExactly(pathOf(tenantId));
  const found = configurations.find((one) => one.id === id);
  if (found === undefined) throw new Error("the configuration no longer exists");
  return found;
}

async function writable(configuration = {}) {
  const { sso } = await get("form-fields", true);
  return sso.map((field) => {
    const value = configuration[field.name];
    if (field.kind === "secret" && value) return { ...field, hint: "a value is set; leave blank to keep it" };
    const isJson = field.kind === "json" || typeof value === "object";
    return { ...field, value: isJson && value ? JSON.stringify(value, null, 2) : value };
  });
}

const written = ({ [JSON_FIELD]: json, ...given }) => (json === undefined ? given : { ...given, [JSON_FIELD]: parse(json) });

async function createFromFields(tenantId) {
  await ask({
    title: "Add an SSO configuration",
    submit: "Add",
    isNew: true,
    fields: await writable(),
    act: (given) => operate("Add an SSO configuration", call("sso.create", {}, { ...written(given), tenantId })),
  });
}

async function createFromMetadata(tenantId) {
  await ask({
    title: "Add an SSO configuration from metadata",
    submit: "Add",
    isNew: true,
    fields: [{ name: "metadata", kind: "area", hint: "the XML of the identity provider" }],
    act: (given) => operate("Add an SSO configuration", call("sso.create_from_metadata", {}, given, tenantId)),
  });
}

async function edit(tenantId, id) {
  const configuration = await find(tenantId, id);
  const path = { configuration_id: id };
  await ask({
    title: `Edit ${nameOf(configuration)}`,
    submit: "Save",
    fields: [...(await writable(configuration)), { name: "defaultRoles", kind: "list", value: rolesOf(configuration), hint: "ids of roles, one per line" }],
    act: ({ defaultRoles, ...changed }) => {
      const calls = [];
      if (Object.keys(changed).length > 0) calls.push(call("sso.update", path, { ...written(changed), tenantId }));
      if (defaultRoles !== undefined) calls.push(call("sso.default_roles.set", path, { roleIds: defaultRoles }, tenantId));
      return operate(`Edit ${nameOf(configuration)}`, ...calls);
    },
  });
}

async function removeConfiguration(tenantId, id) {
  const name = nameOf(await find(tenantId, id));
  if (!(await confirmed(`Delete ${name}? Its domains and groups are deleted too.`, "Delete"))) return;
  await operate(`Delete ${name}`, call("sso.delete", { configuration_id: id }, {}, tenantId));
}

async function addDomain(tenantId, id) {
  const path = { configuration_id: id };
  await ask({
    title: "Add a domain",
    submit: "Add",
    isNew: true,
    fields: [{ name: "domain", kind: "text", hint: "as example.com" }],
    act: (given) => operate(`Add ${given.domain ?? "a domain"}`, call("sso.domains.create", path, given, tenantId)),
  });
}

async function writeGroup(tenantId, id, group = null) {
  const path = { configuration_id: id };
  await ask({
    title: group === null ? "Add a group" : `Edit ${group.group}`,
    submit: group === null ? "Add" : "Save",
    isNew: true, // an update has both fields
    fields: [
      { name: "group", kind: "text", value: group?.group, hint: "the name of the group at the identity provider" },
      { name: "roleIds", kind: "list", value: group?.roleIds },
    ],
    act: (given) => {
      const body = { roleIds: [], ...given };
      if (group === null) return operate(`Add ${given.group ?? "a group"}`, call("sso.groups.create", path, body, tenantId));
      return operate(`Edit ${group.group}`, call("sso.groups.update", { ...path, group_id: group.id }, body, tenantId));
    },
  });
}

const small = (text, act, words = text, className = "small") => button(text, doing(act), { className, "aria-label": words });

// Creates a line for a domain or a group.
const line = (id, name, tag, ...buttons) =>
  element("li", { "data-id": id }, element("p", {}, name, " ", tag), element("div", { className: "actions" }, ...buttons));

function domainLine(tenantId, configuration_id, { id, domain, validated }) {
  const path = { configuration_id, domain_id: id };
  const validate = () => operate(`Validate ${domain}`, call("sso.domains.validate", path, {}, tenantId));
  const remove = () => operate(`Remove ${domain}`, call("sso.domains.delete", path, {}, tenantId));
  const tag = element("span", { className: "tag" }, validated ? "validated" : "not validated");
  const removing = small("Remove", remove, `Remove ${domain}`);
  return line(id, domain, tag, ...(validated ? [] : [small("Validate", validate, `Validate ${domain}`)]), removing);
}

function groupLine(tenantId, configuration_id, { id, group, roleIds }) {
  const remove = () => operate(`Remove ${group}`, call("sso.groups.delete", { configuration_id, group_id: id }, {}, tenantId));
  const tag = element("span", { className: "hint" }, roleIds.join(", "));
  const change = () => writeGroup(tenantId, configuration_id, { id, group, roleIds });
  return line(id, group, tag, small("Edit", change, `Edit ${group}`), small("Remove", remove, `Remove ${group}`));
}

function shown(tenantId, configuration) {
  const { id, enabled, domains, groups } = configuration;
  const name = nameOf(configuration);
  const act = (text, does, words = `${text} ${name}`, className = "small") => small(text, () => does(tenantId, id), words, className);
  return element(
    "li",
    { className: "configuration", "data-id": id },
    element("p", {}, name, " ", element("span", { className: `tag${enabled ? " good" : ""}` }, enabled ? "enabled" : "disabled")),
    element("ul", { className: "list" }, ...domains.map((one) => domainLine(tenantId, id, one)), ...groups.map((one) => groupLine(tenantId, id, one))),
    element(
      "div",
      { className: "actions" },
      act("Edit", edit),
      act("Add a domain", addDomain, `Add a domain to ${name}`),
      act("Add a group", writeGroup, `Add a group to ${name}`),
      act("Delete", removeConfiguration, `Delete ${name}`, "small danger"),
    ),
  );
}

export async function ssoSection(tenantId) {
  const { configurations } = await get(pathOf(tenantId));
  return element(
    "section",
    { "aria-labelledby": "tenant-sso" },
    element("h4", { id: "tenant-sso" }, `SSO (${configurations.length})`),
    element("ul", { className: "configurations" }, ...configurations.map((one) => shown(tenantId, one))),
    element(
      "div",
      { className: "actions" },
      small("Add a configuration", () => createFromFields(tenantId)),
      small("Add one from metadata", () => createFromMetadata(tenantId)),
    ),
  );
}
