// The calls of webhooks: the sent bodies and the results.

import { get, post } from "./api.js";
import { button, byId, counted, doing, element, fill, place, pretty, say } from "./dom.js";

const SHOWN = 300;

const drawn = new Map(); // the rows by what they show: one that is there stays, with the keyboard on it

export async function load() {
  const { deliveries } = await get("deliveries");
  const shown = deliveries.slice(-SHOWN).reverse().map((one) => [JSON.stringify(one), one]);
  const rows = shown.map(([key, one]) => drawn.get(key) ?? made(one));
  drawn.clear();
  shown.forEach(([key], at) => drawn.set(key, rows[at]));
  place(byId("delivery-rows"), rows);
  fill("delivery-status", `${counted(deliveries.length, "call")}${deliveries.length > SHOWN ? `; the newest ${SHOWN} are shown` : ""}`);
}

function resultOf({ status, failure }) {
  if (failure !== null) return failure;
  return status === null ? "waits" : String(status);
}

function made(one) {
  const { id, at, webhook_id, webhook_tenant_id, tenant_id, event_key, cause, url, body, status, failure, faults } = one;
  const isOver = status !== null || failure !== null;
  const again = () => sendAgain(id, webhook_tenant_id);
  const whole = element("details", {}, element("summary", {}, event_key || "no event"), element("pre", { tabIndex: 0 }, pretty(body)));
  return element(
    "tr",
    {},
    element("td", { title: at }, at.slice(11, 23)),
    element("td", { className: "mono" }, body ? whole : event_key),
    element("td", {}, tenant_id),
    element("td", { className: "mono" }, url),
    element("td", { className: `s${Math.floor((status ?? 0) / 100)}` }, resultOf(one)),
    element("td", {}, cause),
    element("td", {}, faults.join(", ")),
    element("td", {}, webhook_id && body && isOver ? button("Send again", doing(again), { "aria-label": `Send ${event_key} of ${at.slice(11, 23)} again` }) : ""),
  );
}

async function sendAgain(id, tenantId) {
  await post("calls", { calls: [{ operation: "webhooks.redeliver", path: { log_id: id }, tenantId }] });
  say("The webhook was called again.");
}
