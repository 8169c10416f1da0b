// What is in the environment as a whole: counts, seeds, resets, snapshots, tokens.

import { chosen, get, pathOf, post } from "./api.js";
import { byId, complain, confirmed, doing, element, number, say } from "./dom.js";

const EXAMPLE = {
  tenants: [
    { tenantId: "north", name: "North Distribution", isReseller: true },
    { tenantId: "acme", name: "Acme", parentTenantId: "north", metadata: { plan: "team" } },
    { tenantId: "kiosk", name: "Kiosk 7", parentTenantId: "north" },
  ],
  users: [{ email: "ann@acme.example", password: "emu_password", tenantId: "acme", permissions: ["fe.secure.*"] }],
};

export async function load() {
  byId("snapshot").href = pathOf("snapshot");
  const stats = await get("stats");
  const requests = Object.values(stats.requests).reduce((sum, count) => sum + count, 0);
  const facts = [
    ["Requests", requests],
    ["Tokens issued", stats.tokens_issued],
    ["Connections open", stats.connections.open],
    ["Connections ever", stats.connections.ever],
  ];
  byId("stats").replaceChildren(...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, number(value)))));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`this is not JSON: ${error.message}`);
  }
}

const seed = byId("seed-form");

seed.addEventListener("submit", (event) => {
  event.preventDefault();
  doing(async () => {
    const { tenants, users } = await post("seed", parsed(seed.elements.seed.value));
    say(`Added: ${number(tenants)} ${tenants === 1 ? "tenant" : "tenants"}, ${number(users)} ${users === 1 ? "user" : "users"}.`);
  })();
});
byId("seed-example").addEventListener("click", () => {
  seed.elements.seed.value = JSON.stringify(EXAMPLE, null, 2);
});

// A file is read at once, and the choice forgotten, so that the same one can be chosen again.
function onFile(id, act) {
  byId(id).addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file === undefined) return;
    file.text().then(act).catch(complain).finally(() => { event.target.value = ""; });
  });
}

onFile("seed-file", (text) => { seed.elements.seed.value = text; });
onFile("restore-file", async (text) => {
  if (!(await confirmed(`Put what is in ${chosen.environment} away, and the snapshot in its place?`))) return;
  await post("restore", parsed(text));
  say("The snapshot is in place.");
});

async function sure(question, verb, everywhere, done) {
  if (!(await confirmed(question))) return;
  await post(verb, undefined, everywhere);
  say(done);
}

byId("reset").addEventListener("click", doing(() => sure(`Remove everything that is in ${chosen.environment}?`, "reset", false, `${chosen.environment} is empty.`)));
byId("reset-all").addEventListener("click", doing(() => sure("Remove everything that is in all environments?", "reset", true, "All environments are empty.")));
byId("revoke").addEventListener("click", doing(() => sure(`Refuse all tokens of ${chosen.environment}?`, "revoke-tokens", false, "All tokens are revoked.")));
