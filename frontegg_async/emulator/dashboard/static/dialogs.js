// Dialogs. The browser keeps the keyboard focus inside an open dialog, and restores the focus afterwards.

import { byId, fill, focusView, nameOf } from "./dom.js";

export function open(dialog, first = null) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => giveBack(before), { once: true });
  dialog.showModal();
  dialog.scrollTop = 0;
  first?.focus();
}

// The element that opened the dialog may have been replaced while the dialog was open.
function giveBack(before) {
  if (before.isConnected) return;
  const same = [...document.querySelectorAll(".view:not([hidden]) button")].find((one) => nameOf(one) === nameOf(before));
  if (same) same.focus();
  else focusView();
}

export function confirmed(question, yes = "Yes") {
  const dialog = byId("confirm-dialog");
  fill("confirm-text", question);
  fill("confirm-yes", yes);
  dialog.returnValue = "";
  open(dialog);
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

byId("confirm-yes").addEventListener("click", () => byId("confirm-dialog").close("yes"));
for (const closer of document.querySelectorAll("dialog [data-close]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}
