// A heading with the id "exports" is a property of the window, by which clipboard.js would take the page for a module.
var exports, module, define;

// Whoever scrolls with the keyboard reaches what is wider than the page.
function makeScrollersReachable() {
  for (const each of document.querySelectorAll(".table-wrapper, .highlight pre")) {
    if (each.scrollWidth > each.clientWidth) {
      each.tabIndex = 0;
      each.setAttribute("role", "group");
      each.setAttribute("aria-label", each.matches("pre") ? "Code" : "Table");
    } else {
      each.removeAttribute("tabindex");
      each.removeAttribute("role");
      each.removeAttribute("aria-label");
    }
  }
}

addEventListener("load", () => {
  makeScrollersReachable();
  document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Pages");
  document.querySelector(".toc-drawer")?.setAttribute("aria-label", "This page");
});
addEventListener("resize", makeScrollersReachable);
