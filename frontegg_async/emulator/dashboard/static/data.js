// The view of the whole environment: counts, seeds, resets, snapshots and tokens.

import { chosen, get, pathOf, post, postText } from "./api.js";
import { change, changeByText } from "./changes.js";
import { confirmed } from "./dialogs.js";
import { byId, complain, counted, doing, element, fill, number, say } from "./dom.js";

const EXAMPLE = {
  tenants: [
    { tenantId: "north", name: "North Distribution", isReseller: true },
    { tenantId: "acme", name: "Acme", parentTenantId: "north", metadata: { plan: "team" } },
    { tenantId: "kiosk", name: "Kiosk 7", parentTenantId: "north" },
  ],
  users: [{ email: "ann@acme.example", password: "emu_password", tenantId: "acme", permissions: ["fe.secure.*"] }],
};

const seed = byId("seed-form");
const input = seed.elements.seed;

export async function load() {
  byId("snapshot").href = pathOf("snapshot");
  byId("seed-export").href = pathOf("seed");
  const stats = await get("stats");
  const requests = Object.values(stats.requests).reduce((sum, count) => sum + count, 0);
  const facts = [
    ["Requests", requests],
    ["Tokens issued", stats.tokens_issued],
    ["Connections open", stats.connections.open],
    ["Connections so far", stats.connections.ever],
  ];
  byId("stats").replaceChildren(...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, number(value)))));
}

const contents = ({ tenants, users }) => `${counted(tenants, "tenant")} and ${counted(users, "user")}`;

async function present() {
  const { environments } = await get("environments", true);
  return environments.find(({ client_id }) => client_id === chosen.environment);
}

const checkJson = (name, text) => post("check-json", { name, text }, true);

async function addSeed() {
  await checkJson("the seed", input.value);
  const added = await changeByText("Add a seed", "seed", input.value);
  say(`Added: ${contents(added)}.`);
}

// Checks the whole seed before the confirmation.
async function importSeed() {
  await checkJson("the seed", input.value);
  const coming = await postText("check-seed", input.value);
  const question = `Replace all data of ${chosen.environment}, ${contents(await present())}, with the seed, ${contents(coming)}? Sessions end. Settings and clock stay as they are.`;
  if (await confirmed(question, "Replace")) await changeByText("Import a seed", "import", input.value);
}

// Shows problems of the seed below its field.
const onSeed = (act) => () => {
  tellSeed("");
  return act().catch((error) => {
    tellSeed(error.message);
    input.focus();
  });
};

function tellSeed(problem) {
  fill("seed-error", problem);
  if (problem) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

seed.addEventListener("submit", (event) => {
  event.preventDefault();
  onSeed(addSeed)();
});
byId("seed-import").addEventListener("click", onSeed(importSeed));
byId("seed-example").addEventListener("click", () => {
  input.value = JSON.stringify(EXAMPLE, null, 2);
  tellSeed("");
});

// Reads a chosen file at once and clears the choice, so that the same file can be chosen again.
function onFile(id, act) {
  byId(id).addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file === undefined) return;
    file.text().then(act).catch(complain).finally(() => { event.target.value = ""; });
  });
}

onFile("seed-file", (text) => {
  input.value = text;
  tellSeed("");
});
onFile("restore-file", async (text) => {
  await checkJson("the snapshot", text);
  if (await confirmed(`Replace everything in ${chosen.environment} with the snapshot?`, "Replace")) await changeByText("Restore a snapshot", "restore", text);
});

byId("reset").addEventListener("click", doing(async () => {
  if (await confirmed(`Remove everything that is in ${chosen.environment}?`, "Reset")) await change(`Reset ${chosen.environment}`, "reset");
}));

async function sure(question, yes, verb, everywhere, done) {
  if (!(await confirmed(question, yes))) return;
  await post(verb, undefined, everywhere);
  say(done);
}

byId("reset-all").addEventListener("click", doing(() => sure("Remove everything that is in all environments? This cannot be undone.", "Reset", "reset", true, "All environments are empty.")));
byId("revoke").addEventListener("click", doing(() => sure(`Refuse all tokens of ${chosen.environment}?`, "Revoke", "revoke-tokens", false, "All tokens are revoked.")));
