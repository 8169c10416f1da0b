// The view of tenants: the tree, its search, and the tenant that is chosen.

import { get } from "./api.js";
import { button, byId, complain, doing, element, number, renew, seldom } from "./dom.js";
import { Forest } from "./forest.js";
import { issue } from "./tokens.js";
import { Tree } from "./tree.js";
import { usersOf } from "./users.js";

const FEW = 300;

const forest = new Forest();
const tree = new Tree(byId("tree"), forest, (id) => choose(id).catch(complain));
const search = byId("tenant-search");
let total = 0;
let isNew = true;

export function forget() {
  isNew = true;
  tree.chosen = tree.active = null;
  forest.closeAll();
  byId("tenant").replaceChildren(element("p", { className: "hint" }, "Choose a tenant to see it."));
}

export async function load() {
  const read = await get("tenants");
  total = read.total;
  forest.load(read.tenants);
  if (isNew && read.tenants.length > 0 && read.tenants.length <= FEW) forest.openAll();
  isNew = read.tenants.length === 0;
  byId("count-tenants").textContent = number(total);
  show();
  if (tree.chosen === null) return;
  if (forest.byId.has(tree.chosen)) await describe(tree.chosen);
  else forget();
}

function show() {
  tree.update();
  const listed = forest.tenants.length < total ? `; the first ${number(forest.tenants.length)} are here` : "";
  const all = `${number(total)} ${total === 1 ? "tenant" : "tenants"}${listed}`;
  byId("tenant-status").textContent = forest.hits === null ? all : `${number(forest.hits)} found of ${all}`;
}

async function choose(id) {
  await describe(id);
  byId("tenant-live").textContent = `${forest.byId.get(id)?.name ?? id} is shown.`;
}

async function describe(id) {
  const [tenant, users] = await Promise.all([get(`tenants/${encodeURIComponent(id)}`), usersOf(id)]);
  if (tree.chosen !== id) return;
  const facts = element("dl");
  const fact = (name, ...value) => facts.append(element("dt", {}, name), element("dd", {}, ...value));
  fact("Tenant id", element("span", { className: "mono" }, tenant.tenantId));
  if (tenant.parentTenantId) fact("Below", button(tenant.parentTenantId, () => reveal(tenant.parentTenantId)));
  fact("Directly below", number(forest.below(id).length));
  for (const name of Object.keys(tenant)) {
    if (["tenantId", "name", "parentTenantId", "metadata"].includes(name) || [null, ""].includes(tenant[name])) continue;
    fact(name, String(tenant[name]));
  }
  if (tenant.metadata) fact("metadata", element("pre", { tabIndex: 0, "aria-label": "metadata" }, pretty(tenant.metadata)));
  const list = element("ul", { className: "list" });
  for (const user of users.slice(0, 50)) {
    list.append(element("li", {}, element("p", {}, user.email), button("Issue a token", () => issue(user, id), { "aria-label": `Issue a token for ${user.email}` })));
  }
  renew(
    byId("tenant"),
    element("h3", {}, tenant.name),
    facts,
    element("h3", {}, `Users (${number(users.length)})`),
    list,
    button("Issue a token for somebody else", () => issue(null, id)),
  );
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function reveal(id) {
  forest.search = search.value = "";
  forest.openTo(id);
  show();
  tree.go(tree.places.get(id) ?? 0);
  tree.choose(id);
}

const searched = seldom(80, () => {
  forest.search = search.value.trim().toLowerCase();
  byId("tree").scrollTop = 0;
  // Who was found and chosen stays in sight when the search is over.
  if (!forest.search && tree.chosen !== null) forest.openTo(tree.chosen);
  show();
  if (!forest.search && tree.places.has(tree.chosen)) tree.go(tree.places.get(tree.chosen));
});

search.addEventListener("input", searched);
search.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  byId("tree").focus();
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || byId("view-tenants").hidden || event.target.matches("input, textarea, select")) return;
  search.focus();
  event.preventDefault();
});
byId("expand-all").addEventListener("click", doing(() => { forest.openAll(); show(); }));
byId("collapse-all").addEventListener("click", doing(() => { forest.closeAll(); show(); }));
