// The whole page: shows the chosen view and environment, and reads the event stream.

import { chosen, get, pathOf, version } from "./api.js";
import { byId, complain, element, number, seldom } from "./dom.js";
import * as changes from "./changes.js";
import * as clock from "./clock.js";
import * as data from "./data.js";
import * as deliveries from "./deliveries.js";
import * as faults from "./faults.js";
import * as journal from "./journal.js";
import * as operations from "./operations.js";
import * as outbox from "./outbox.js";
import * as tenants from "./tenants.js";
import * as users from "./users.js";

const VIEWS = { tenants, users, journal: null, deliveries, outbox, faults, clock, data, operations };
// For each kind of changed data, the views that show the data.
const SHOWN_BY = {
  state: ["tenants", "users", "deliveries", "outbox", "data"],
  deliveries: ["deliveries", "faults"],
  outbox: ["outbox"],
  faults: ["faults"],
  clock: ["clock"],
  journal: ["data", "operations"],
  environments: [],
};

const chooser = byId("environment");
const stale = new Set(Object.keys(VIEWS));
let view = "tenants";
let events = null;

function show() {
  const named = location.hash.slice(1);
  view = Object.hasOwn(VIEWS, named) ? named : view;
  for (const name of Object.keys(VIEWS)) byId(`view-${name}`).hidden = name !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash !== `#${view}`) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
  scrollTo(0, 0);
  refresh();
}

function refresh() {
  if (!stale.delete(view)) return;
  VIEWS[view]?.load().catch(complain);
}

const refreshSoon = seldom(250, refresh);

function spoil(names) {
  for (const name of names) stale.add(name);
  refreshSoon();
}

async function listEnvironments() {
  const { environments } = await get("environments", true);
  const ids = environments.map(({ client_id }) => client_id);
  if (!ids.includes(chosen.environment)) chosen.environment = ids[0];
  chooser.replaceChildren(
    ...environments.map(({ client_id, tenants: count }) =>
      element("option", { value: client_id, selected: client_id === chosen.environment }, `${client_id} (${number(count)})`),
    ),
  );
}

// Loads the numbers beside the names of views, before the views themselves are loaded.
async function count() {
  const { environments } = await get("environments", true);
  const here = environments.find(({ client_id }) => client_id === chosen.environment);
  byId("count-tenants").textContent = here ? number(here.tenants) : "";
  byId("count-users").textContent = here ? number(here.users) : "";
}

const listSoon = seldom(300, () => listEnvironments().then(count).then(changes.load).catch(complain));

function listen() {
  events?.close();
  journal.forget();
  events = new EventSource(`${pathOf("events", journal.wantsAll())}?last=200`);
  let isHistory = true;
  events.addEventListener("open", () => {
    isHistory = true;
    connected(true);
    spoil(Object.keys(VIEWS));
  });
  events.addEventListener("error", () => connected(false));
  events.addEventListener("changed", ({ data: text }) => {
    for (const subject of JSON.parse(text)) {
      spoil(SHOWN_BY[subject]);
      if (subject === "journal") journal.forget();
      if (["state", "environments", "clock"].includes(subject)) listSoon();
    }
  });
  events.addEventListener("requests", ({ data: text }) => {
    const news = JSON.parse(text);
    journal.take(news, isHistory);
    isHistory = false;
    spoil(["data", "operations"]);
    const here = news.requests.filter(({ environment }) => environment === chosen.environment);
    if (here.some(({ method, effect }) => effect !== null || method !== "GET")) {
      spoil(["tenants", "users", "outbox"]);
      if (here.some(({ effect }) => effect !== null)) listSoon();
    }
    if (here.some((entry) => entry.faults.length > 0)) spoil(["faults"]);
  });
}

function connected(isLive) {
  const badge = byId("connection");
  const text = isLive ? "Live" : "Disconnected: trying again";
  if (badge.textContent !== text) badge.textContent = text;
  badge.classList.toggle("live", isLive);
}

function choose() {
  chosen.environment = chooser.value;
  tenants.forget();
  for (const name of Object.keys(VIEWS)) stale.add(name);
  listen();
  count().then(changes.load).catch(complain);
  refresh();
}

async function begin() {
  byId("version").textContent = await version();
  await listEnvironments();
  await count();
  await changes.load();
  window.addEventListener("hashchange", show);
  chooser.addEventListener("change", choose);
  byId("journal-all").addEventListener("change", listen);
  listen();
  show();
  await faults.load();
}

begin().catch((error) => {
  connected(false);
  complain(error);
});
