// The features of a tenant. Each feature is shown as open if the tenant is entitled to it, with the reason.

import { get, tenantPath } from "./api.js";
import { element } from "./dom.js";

function line({ key, name, isOpen, why }) {
  const tag = element("span", { className: `tag${isOpen ? " good" : ""}` }, isOpen ? "open" : "closed");
  return element("li", { "data-id": key }, element("p", {}, name || key, " ", tag), element("p", { className: "hint" }, why));
}

// Returns nothing if the environment has no features.
export async function featureSection(tenantId) {
  const { features } = await get(tenantPath(tenantId, "/features"));
  if (features.length === 0) return [];
  const open = features.filter(({ isOpen }) => isOpen).length;
  return [
    element(
      "section",
      { "aria-labelledby": "tenant-features" },
      element("h4", { id: "tenant-features" }, `Features (${open} of ${features.length} open)`),
      element("ul", { className: "list" }, ...features.map(line)),
    ),
  ];
}
