// The view of tenants: the tree, its search, and the chosen tenant.

import { get } from "./api.js";
import { byId, complain, counted, doing, element, fill, number, renew, seldom } from "./dom.js";
import { Forest } from "./forest.js";
import { cardOf } from "./tenant_card.js";
import { createTenant } from "./tenant_forms.js";
import { Tree } from "./tree.js";

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
  renew(byId("tenant"), element("p", { className: "hint" }, "Choose a tenant to see it."));
}

export async function load() {
  const read = await get("tenants");
  total = read.total;
  forest.load(read.tenants);
  if (isNew && read.tenants.length > 0 && read.tenants.length <= FEW) forest.openAll();
  isNew = read.tenants.length === 0;
  fill("count-tenants", number(total));
  byId("tree").hidden = byId("tree-keys").hidden = total === 0;
  byId("tree-none").hidden = total > 0;
  show();
  if (tree.chosen === null) return;
  if (forest.byId.has(tree.chosen)) await describe(tree.chosen);
  else forget();
}

function show() {
  tree.update();
  const listed = forest.tenants.length < total ? `; only the first ${number(forest.tenants.length)} are shown` : "";
  const all = `${counted(total, "tenant")}${listed}`;
  fill("tenant-status", forest.hits === null ? all : `${number(forest.hits)} found of ${all}`);
}

async function choose(id) {
  await describe(id);
  if (!matchMedia("(min-width: 60rem)").matches) byId("tenant").scrollIntoView(); // it is below the tree
  fill("tenant-live", `${forest.byId.get(id)?.name ?? id} is shown.`);
}

async function describe(id) {
  const card = await cardOf(id, forest.below(id).length, { reveal, create });
  if (tree.chosen === id) renew(byId("tenant"), ...card);
}

function reveal(id) {
  forest.search = search.value = "";
  forest.openTo(id);
  show();
  tree.go(tree.places.get(id) ?? 0);
  tree.choose(id);
}

async function create(parentId = "") {
  const id = await createTenant(parentId);
  if (id === null) return;
  await load();
  reveal(id);
}

const searched = seldom(80, () => {
  forest.search = search.value.trim().toLowerCase();
  byId("tree").scrollTop = 0;
  // A tenant that was found and chosen stays in sight after the search ends.
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
byId("tenant-new").addEventListener("click", doing(() => create()));
byId("expand-all").addEventListener("click", doing(() => { forest.openAll(); show(); }));
byId("collapse-all").addEventListener("click", doing(() => { forest.closeAll(); show(); }));
