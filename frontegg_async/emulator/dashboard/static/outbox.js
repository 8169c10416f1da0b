// The e-mails and text messages that the service would have sent.

import { get, remove } from "./api.js";
import { byId, counted, doing, element, fill, place, say } from "./dom.js";

const SHOWN = 300;

const drawn = new Map(); // the rows by their ids: an e-mail never changes

export async function load() {
  const { emails } = await get("outbox");
  const shown = emails.slice(-SHOWN).reverse();
  const rows = shown.map((one) => drawn.get(one.id) ?? made(one));
  drawn.clear();
  shown.forEach(({ id }, at) => drawn.set(id, rows[at]));
  place(byId("outbox-rows"), rows);
  fill("outbox-status", `${counted(emails.length, "e-mail")}${emails.length > SHOWN ? `; the newest ${SHOWN} are shown` : ""}`);
}

const made = ({ at, template, recipient, tenant_id, link, code }) =>
  element(
    "tr",
    {},
    element("td", { title: at }, at.slice(11, 23)),
    element("td", {}, template),
    element("td", {}, recipient),
    element("td", {}, tenant_id),
    element("td", { className: "mono" }, link || code),
  );

byId("outbox-clear").addEventListener("click", doing(async () => {
  await remove("outbox");
  say("The outbox is empty.");
}));
