// Tenants as a forest: computes the visible rows from the open tenants and the search. This module uses no elements.

export class Forest {
  constructor() {
    this.open = new Set();
    this.search = "";
    this.load([]);
  }

  load(tenants) {
    this.tenants = tenants;
    this.byId = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
    this.children = new Map();
    this.roots = [];
    for (const tenant of tenants) {
      const parent = tenant.parentTenantId;
      if (parent === null || !this.byId.has(parent)) this.roots.push(tenant);
      else if (this.children.has(parent)) this.children.get(parent).push(tenant);
      else this.children.set(parent, [tenant]);
    }
  }

  below(id) {
    return this.children.get(id) ?? [];
  }

  parentOf(id) {
    const parent = this.byId.get(id)?.parentTenantId ?? null;
    return this.byId.has(parent) ? parent : null;
  }

  openAll() {
    this.open = new Set(this.children.keys());
  }

  closeAll() {
    this.open.clear();
  }

  openTo(id) {
    for (let parent = this.parentOf(id); parent !== null; parent = this.parentOf(parent)) this.open.add(parent);
  }

  // Returns the ids of the tenants that a search finds and of all tenants above these; null without a search.
  found() {
    if (!this.search) return null;
    const hits = new Set();
    const shown = new Set();
    for (const { tenantId, name } of this.tenants) {
      if (!name.toLowerCase().includes(this.search) && !tenantId.toLowerCase().includes(this.search)) continue;
      hits.add(tenantId);
      for (let id = tenantId; id !== null && !shown.has(id); id = this.parentOf(id)) shown.add(id);
    }
    return { hits, shown };
  }

  // Returns the rows from top to bottom: the tenant, its level, its place among siblings, and whether it is open.
  rows() {
    const found = this.found();
    const rows = [];
    const wait = [];
    const enter = (tenants, level) => {
      const seen = found === null ? tenants : tenants.filter(({ tenantId }) => found.shown.has(tenantId));
      for (let at = seen.length - 1; at >= 0; at -= 1) wait.push({ tenant: seen[at], level, place: at + 1, of: seen.length });
    };
    enter(this.roots, 1);
    while (wait.length > 0) {
      const row = wait.pop();
      const { tenantId } = row.tenant;
      const below = this.below(tenantId);
      row.below = below.length;
      // A search opens only the tenants above its results.
      row.isOpen = below.length > 0 && (found === null ? this.open.has(tenantId) : below.some((one) => found.shown.has(one.tenantId)));
      rows.push(row);
      if (row.isOpen) enter(below, row.level + 1);
    }
    this.hits = found?.hits.size ?? null;
    return rows;
  }
}
