// Decides cases by Frontegg's own evaluator: reads JSON lines, and writes a decision for each.
// Usage: node reference.cjs PATH_OF_THE_PACKAGE < cases > decisions

"use strict";

const { evaluateIsEntitledToFeature, evaluateIsEntitledToPermissions } = require(process.argv[2]);

let now = 0;
Date.now = () => now;

function revived(value) {
  if (value !== null && typeof value === "object") {
    if (typeof value.$date === "number") return new Date(value.$date);
    for (const key of Object.keys(value)) value[key] = revived(value[key]);
  }
  return value;
}

// What the service tells a signed-in user, made of the snapshot of the environment.
function contextOf(data, subject) {
  const features = {};
  const plans = {};
  for (const [id, , defaultTreatment, rules] of data.featureBundles) plans[id] = { defaultTreatment, rules };
  for (const [id, key, permissions] of data.features) {
    const bundles = data.featureBundles.filter(([, ids]) => ids.includes(id)).map(([bundle]) => bundle);
    const ends = data.entitlements
      .filter(([bundle, tenant, user]) => bundles.includes(bundle) && tenant === subject.tenantId && (!user || user === subject.userId))
      .map(([, , , end]) => (end === null || end === undefined ? -1 : new Date(end).getTime()));
    const flag = data.featureFlags.find(([feature]) => feature === key);
    features[key] = {
      expireTime: ends.length === 0 ? null : ends.includes(-1) ? -1 : Math.max(...ends),
      linkedPermissions: permissions || [],
      planIds: bundles,
      featureFlag: flag && { on: flag[1], defaultTreatment: flag[3], offTreatment: flag[4], rules: flag[5] },
    };
  }
  const permissions = Object.fromEntries((subject.claims.permissions || []).map((each) => [each, true]));
  return { features, plans, permissions };
}

for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { data, subject, attributes, feature, permission, at } = JSON.parse(line);
  now = at;
  const given = { jwt: { ...subject.claims, id: subject.userId }, custom: revived(attributes) };
  const context = contextOf(data, subject);
  let decision;
  try {
    decision =
      permission === undefined
        ? evaluateIsEntitledToFeature(feature, context, given)
        : evaluateIsEntitledToPermissions(permission, context, given);
  } catch {
    decision = null; // the evaluator calls a method that the value does not have
  }
  console.log(JSON.stringify(decision));
}
