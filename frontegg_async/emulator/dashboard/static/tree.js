// The tree on the screen. Only visible rows are elements, so ten thousand rows cost no more than thirty rows.

import { element, marked } from "./dom.js";

const ROW = 32;
const SPARE = 6;
const INDENT = 20;

export class Tree {
  constructor(place, forest, chose) {
    this.place = place;
    this.forest = forest;
    this.chose = chose;
    this.rows = [];
    this.active = null;
    this.chosen = null;
    this.space = element("div", { role: "none" });
    place.append(this.space);
    place.addEventListener("scroll", () => this.draw());
    place.addEventListener("keydown", (event) => this.press(event));
    place.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.draw()).observe(place);
  }

  update() {
    this.rows = this.forest.rows();
    this.places = new Map(this.rows.map((row, at) => [row.tenant.tenantId, at]));
    if (!this.places.has(this.active)) this.active = this.rows[0]?.tenant.tenantId ?? null;
    this.space.style.height = `${this.rows.length * ROW}px`;
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.place.scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, Math.ceil((this.place.scrollTop + this.place.clientHeight) / ROW) + SPARE);
    const drawn = [];
    for (let at = first; at < last; at += 1) drawn.push(this.item(this.rows[at], at));
    const active = this.places?.get(this.active);
    // The focused row must exist even if it is scrolled out of sight.
    if (active !== undefined && (active < first || active >= last)) drawn.push(this.item(this.rows[active], active));
    this.space.replaceChildren(...drawn);
    if (active === undefined) this.place.removeAttribute("aria-activedescendant");
    else this.place.setAttribute("aria-activedescendant", `row-${active}`);
  }

  item({ tenant, level, place, of, below, isOpen }, at) {
    const search = this.forest.search;
    const item = element(
      "div",
      {
        id: `row-${at}`,
        className: "item",
        role: "treeitem",
        "aria-level": level,
        "aria-posinset": place,
        "aria-setsize": of,
        "aria-selected": tenant.tenantId === this.chosen,
      },
      element("span", { className: "twist", "aria-hidden": "true" }, below > 0 ? (isOpen ? "▾" : "▸") : ""),
      element("span", { className: "name" }, ...marked(tenant.name, search)),
      element("span", { className: "id" }, ...marked(tenant.tenantId, search)),
    );
    if (below > 0) {
      item.setAttribute("aria-expanded", isOpen);
      item.append(element("span", { className: "tag", title: `${below} directly below` }, String(below)));
    }
    if (tenant.isReseller) item.append(element("span", { className: "tag" }, "reseller"));
    if (tenant.isLocked) item.append(element("span", { className: "tag bad" }, "locked"));
    item.style.top = `${at * ROW}px`;
    item.style.paddingLeft = `${8 + (level - 1) * INDENT}px`;
    item.classList.toggle("active", tenant.tenantId === this.active);
    item.classList.toggle("chosen", tenant.tenantId === this.chosen);
    item.dataset.id = tenant.tenantId;
    return item;
  }

  choose(id) {
    this.chosen = this.active = id;
    this.draw();
    this.chose(id);
  }

  go(at) {
    if (this.rows.length === 0) return;
    const row = Math.min(Math.max(at, 0), this.rows.length - 1);
    this.active = this.rows[row].tenant.tenantId;
    const top = row * ROW;
    if (top < this.place.scrollTop) this.place.scrollTop = top;
    else if (top + ROW > this.place.scrollTop + this.place.clientHeight) this.place.scrollTop = top + ROW - this.place.clientHeight;
    this.draw();
  }

  turn(id, open) {
    if (open) this.forest.open.add(id);
    else this.forest.open.delete(id);
    this.update();
  }

  click(event) {
    const id = event.target.closest(".item")?.dataset.id;
    if (id === undefined) return;
    this.active = id;
    if (event.target.closest(".twist") && this.forest.below(id).length > 0) this.turn(id, !this.forest.open.has(id));
    else this.choose(id);
  }

  press(event) {
    const at = this.places?.get(this.active);
    if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.rows[at];
    const page = Math.max(1, Math.floor(this.place.clientHeight / ROW) - 1);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.rows.length - 1, PageDown: at + page, PageUp: at - page };
    if (event.key in moves) this.go(moves[event.key]);
    else if (event.key === "ArrowRight" && row.isOpen) this.go(at + 1);
    else if (event.key === "ArrowRight" && row.below > 0) this.turn(this.active, true);
    else if (event.key === "ArrowLeft" && row.isOpen && !this.forest.search) this.turn(this.active, false);
    else if (event.key === "ArrowLeft") this.go(this.places.get(this.forest.parentOf(this.active)) ?? at);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.active);
    else return;
    event.preventDefault();
  }
}
