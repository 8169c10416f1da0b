// The clock of the environment. Between two requests for its time, the page computes the time.

import { get, post } from "./api.js";
import { byId, doing, say } from "./dom.js";

let ahead = 0;
let frozen = null;

export async function load() {
  take(await get("clock"));
}

function take({ now, frozen: isFrozen }) {
  const moment = Date.parse(now);
  ahead = moment - Date.now();
  frozen = isFrozen ? moment : null;
  const off = Math.round(ahead / 1000);
  const lead = Math.abs(off) < 2 ? "" : `, ${Math.abs(off).toLocaleString("en")} s ${off > 0 ? "ahead of" : "behind"} this machine`;
  byId("clock-state").textContent = frozen === null ? `The clock runs${lead}.` : "The clock is stopped.";
  byId("clock-freeze").textContent = frozen === null ? "Stop" : "Let the clock run";
  tick();
}

function tick() {
  const text = new Date(frozen ?? Date.now() + ahead).toISOString();
  byId("clock-now").dateTime = text;
  byId("clock-now").textContent = `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

async function change(body, done) {
  await post("clock", body);
  await load();
  say(done);
}

const advance = (seconds) => change({ advance: seconds }, `The clock was moved by ${seconds.toLocaleString("en")} s.`);

setInterval(() => frozen === null && !byId("view-clock").hidden && tick(), 500);
byId("clock-freeze").addEventListener("click", doing(() => change({ freeze: frozen === null }, frozen === null ? "The clock is stopped." : "The clock runs.")));
for (const pressed of document.querySelectorAll("[data-advance]")) {
  pressed.addEventListener("click", doing(() => advance(Number(pressed.dataset.advance))));
}
byId("clock-form").addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const seconds = Number(event.target.elements.seconds.value);
    if (!Number.isFinite(seconds)) throw new Error("give a number of seconds");
    await advance(seconds);
    event.target.reset();
  })();
});
