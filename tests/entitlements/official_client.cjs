// Runs Frontegg's own client for Node, and decides by it.
// Usage: node official_client.cjs NODE_MODULES, with FRONTEGG_API_GATEWAY_URL.
// It reads a JSON object a line. {"open": {FRONTEGG_CLIENT_ID, FRONTEGG_API_KEY}, "refresh": ms} reads the snapshot of
// an environment, and follows it; {"ask": [question, ...]} decides; {"measure": question, "calls": n} decides the same again and again;
// {"close": true} stops following.
// It writes {"snapshot": offset, "seconds": n} for each snapshot that it has read, with its processor time since "open";
// {"decisions": [...]} for questions; and {"seconds": n} for the processor time of each of the calls.

"use strict";

const modules = process.argv[2];
const { EntitlementsClient, FronteggContext } = require(`${modules}/@frontegg/client`);
const { prepareAttributes } = require(`${modules}/@frontegg/entitlements-javascript-commons`);

let client;

function processorSeconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function write(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

async function open(context, refreshTimeoutMs) {
  const started = process.cpuUsage();
  FronteggContext.init(context);
  client = await EntitlementsClient.init(context, { refreshTimeoutMs });
  client.on("snapshot-updated", (offset) => write({ snapshot: offset, seconds: processorSeconds(started) }));
  await client.ready();
}

// A token is verified by the client. Claims are given as it gives those of a token that it has verified.
function scopeOf({ token, claims }) {
  if (token !== undefined) return client.forFronteggToken(token);
  return client.forUser(claims);
}

function attributesOf({ token, claims, attributes }) {
  if (token !== undefined) return attributes;
  return { ...attributes, ...prepareAttributes({ jwt: claims }), "frontegg.userId": claims.sub };
}

function revived(value) {
  const entries = Object.entries(value).map(([name, each]) =>
    typeof each?.$date === "number" ? [name, new Date(each.$date)] : [name, each],
  );
  return Object.fromEntries(entries);
}

async function decide(question) {
  const scope = await scopeOf(question);
  const key = "feature" in question ? { featureKey: question.feature } : { permissionKey: question.permission };
  try {
    return await scope.isEntitledTo(key, attributesOf({ ...question, attributes: revived(question.attributes ?? {}) }));
  } catch {
    return null; // the evaluator calls a method that the value does not have
  }
}

async function measure(question, calls) {
  const started = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await decide(question);
  return processorSeconds(started) / calls;
}

async function main() {
  for await (const line of require("readline").createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    if (command.open) await open(command.open, command.refresh);
    if (command.ask) write({ decisions: await Promise.all(command.ask.map(decide)) });
    if (command.measure) write({ seconds: await measure(command.measure, command.calls) });
    if (command.close) client.destroy();
  }
  process.exit(0); // the authenticator would renew its token
}

main();
