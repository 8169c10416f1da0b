// The actions on a tenant: the forms and confirmations, and the service operations that they call.

import { get, tenantPath } from "./api.js";
import { call, operate } from "./changes.js";
import { confirmed } from "./dialogs.js";
import { pretty } from "./dom.js";
import { ask } from "./forms.js";

const PARENT = { name: "parentTenantId", kind: "tenant" };

async function writable(tenant = {}) {
  const { tenant: fields } = await get("form-fields", true);
  const metadata = { name: "metadata", kind: "json", value: tenant.metadata && pretty(tenant.metadata) };
  return [...fields.map((field) => ({ ...field, value: tenant[field.name] })), metadata];
}

export async function createTenant(parentId = "") {
  const created = await ask({
    title: "Create a tenant",
    submit: "Create",
    isNew: true,
    fields: [
      { name: "tenantId", kind: "text", hint: "blank for a new id" },
      { ...PARENT, value: parentId, hint: "blank for the top level" },
      ...(await writable()),
    ],
    act: (given) => operate(`Create ${given.name ?? given.tenantId ?? "a tenant"}`, call("tenants.create", {}, given)),
  });
  return created?.[0].tenantId ?? null;
}

export async function editTenant(id) {
  const tenant = await get(tenantPath(id));
  await ask({
    title: `Edit ${tenant.name}`,
    submit: "Save",
    fields: await writable(tenant),
    act: (changed) => operate(`Edit ${tenant.name}`, call("tenants.update", { tenant_id: id }, changed)),
  });
}

export async function moveTenant(id) {
  const { name, parentTenantId: from } = await get(tenantPath(id));
  const pair = (parentTenantId) => ({ parentTenantId, childTenantId: id });
  await ask({
    title: `Move ${name}`,
    submit: "Move",
    fields: [{ ...PARENT, value: from, hint: "the new parent; blank for the top level" }],
    act: ({ parentTenantId: to }) => {
      const leave = from ? [call("hierarchy.unassign", {}, pair(from))] : [];
      const enter = to ? [call("hierarchy.assign", {}, pair(to))] : [];
      return operate(`Move ${name}`, ...leave, ...enter);
    },
  });
}

export async function lockTenant(id) {
  const { name, isLocked } = await get(tenantPath(id));
  const [label, operation] = isLocked ? [`Unlock ${name}`, "tenants.unlock"] : [`Lock ${name}`, "tenants.lock"];
  await operate(label, call(operation, {}, { tenantIds: [id] }));
}

export async function deleteTenant(id) {
  const { name } = await get(tenantPath(id));
  const question = `Delete ${name} (${id})? Its sub-accounts move to its parent. Its users who are in no other tenant are deleted.`;
  if (await confirmed(question, "Delete")) await operate(`Delete ${name}`, call("tenants.delete", { tenant_id: id }));
}
