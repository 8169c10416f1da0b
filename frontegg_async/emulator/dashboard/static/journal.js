// The live journal. The page receives each request when it arrives and again when it ends.

import { chosen, remove } from "./api.js";
import { button, byId, counted, doing, element, fill, number, place, say, seldom } from "./dom.js";
import { showExchange } from "./exchange.js";

const KEPT = 2000;
const SHOWN = 300;

const search = byId("journal-search");
const rows = byId("journal-rows");
const entries = new Map();
const drawn = new WeakMap(); // the rows of entries: one that is there stays, with the keyboard on it
let missed = 0;
let dropped = 0;
let fresh = 0;

export const wantsAll = () => byId("journal-all").checked;

export function forget() {
  entries.clear();
  missed = dropped = fresh = 0;
  draw();
}

export function take({ requests, missed: more }, isHistory) {
  missed += more;
  for (const entry of requests) {
    if (!isHistory && !entries.has(entry.trace_id)) fresh += 1;
    entries.set(entry.trace_id, entry);
  }
  for (const id of entries.keys()) {
    if (entries.size <= KEPT) break;
    entries.delete(id);
    dropped += 1;
  }
  drawSoon();
  if (fresh > 0) announceSoon();
}

const text = (entry) =>
  [entry.method, entry.path, entry.query, entry.route ?? "", entry.status ?? "none"]
    .join(" ")
    .toLowerCase();

function effect({ effect: done }) {
  if (!done) return "";
  const part = (word, ids) => (ids.length === 0 ? [] : [`${word} ${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`]);
  return [...part("created", done.created), ...part("changed", done.changed), ...part("deleted", done.deleted)].join("; ");
}

const statusOf = ({ status }) => (status === null ? "no response" : String(status));

function open(entry) {
  const { at, route, environment, faults, trace_id } = entry;
  const facts = { time: at, status: statusOf(entry), operation: route, effect: effect(entry), faults: faults.join(", "), environment, "trace id": trace_id };
  return showExchange(entry, `${entry.method} ${target(entry)}`, facts);
}

function row(entry) {
  if (!drawn.has(entry)) drawn.set(entry, made(entry));
  return drawn.get(entry);
}

const target = ({ path, query }) => (query ? `${path}?${query}` : path);

function made(entry) {
  const elsewhere = wantsAll() && entry.environment !== chosen.environment ? ` (${entry.environment ?? "no environment"})` : "";
  const opener = button("", doing(() => open(entry)), { className: "link", "aria-haspopup": "dialog", "data-trace": entry.trace_id });
  opener.append(element("span", { className: "verb" }, entry.method), " ", element("span", {}, target(entry)));
  return element(
    "tr",
    {},
    element("td", { title: entry.at }, entry.at.slice(11, 23)),
    element("td", { className: "mono" }, opener, elsewhere),
    element("td", { className: `s${Math.floor((entry.status ?? 0) / 100)}` }, statusOf(entry)),
    element("td", {}, entry.route ?? "unknown"),
    element("td", {}, effect(entry)),
    element("td", {}, entry.faults.join(", ")),
    element("td", { className: "mono" }, entry.trace_id.slice(0, 8)),
  );
}

function draw() {
  if (byId("journal-pause").checked) return;
  const wanted = search.value.trim().toLowerCase();
  const shown = [];
  const all = [...entries.values()];
  let found = 0;
  for (let at = all.length - 1; at >= 0; at -= 1) {
    if (wanted && !text(all[at]).includes(wanted) && !all[at].trace_id.startsWith(wanted)) continue;
    found += 1;
    if (shown.length < SHOWN) shown.push(row(all[at]));
  }
  place(rows, shown);
  const parts = [counted(found, "request")];
  if (found > shown.length) parts.push(`the newest ${SHOWN} are shown`);
  if (dropped > 0) parts.push(`${number(dropped)} earlier requests are no longer kept`);
  if (missed > 0) parts.push(`${number(missed)} requests came too fast to be shown`);
  fill("journal-status", parts.join("; "));
}

const drawSoon = seldom(60, draw);

// Announces one sentence every few seconds, since a screen reader could not follow every request.
const announceSoon = seldom(2000, () => {
  const last = [...entries.values()].at(-1);
  if (last !== undefined) {
    fill("journal-live", `${counted(fresh, "new request")}. The last request: ${last.method} ${last.path}, ${statusOf(last)}`);
  }
  fresh = 0;
});

search.addEventListener("input", drawSoon);
byId("journal-pause").addEventListener("change", draw);
byId("journal-clear").addEventListener("click", doing(async () => {
  await remove("journal", wantsAll());
  forget();
  say("The journal is empty.");
}));
