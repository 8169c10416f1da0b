// Elements and messages of the page. Text is inserted as text, so that names of tenants are never markup.

export const byId = (id) => document.getElementById(id);

export function fill(id, text) {
  byId(id).textContent = text;
}

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

const boxes = (one) => [...one.querySelectorAll("input")].map(({ checked }) => checked).join();
const isSame = (one, other) => one.isEqualNode(other) && boxes(one) === boxes(other);

// Replaces only the content that differs. So no click is lost, and the keyboard focus stays.
export function renew(place, ...children) {
  const focused = place.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const old = [...place.children];
  children.forEach((child, at) => {
    if (at >= old.length) place.append(child);
    else if (!isSame(old[at], child)) old[at].replaceWith(child);
  });
  for (const left of old.slice(children.length)) left.remove();
  if (focused === null) return;
  const same = [...place.querySelectorAll("a, button, input, pre")].find((one) => nameOf(one) === focused);
  if (same) same.focus({ preventScroll: true });
  else focusView();
}

// Puts rows in order, without moving rows that are in place already.
export function place(rows, shown) {
  const wanted = new Set(shown);
  for (const old of [...rows.children]) if (!wanted.has(old)) old.remove();
  shown.forEach((one, at) => {
    if (rows.children[at] !== one) rows.insertBefore(one, rows.children[at] ?? null);
  });
}

// Moves the focus to the view if the focused element no longer exists.
export const focusView = () => document.querySelector(".view:not([hidden]) h2").focus();

export const nameOf = (one) => one.id || one.getAttribute("aria-label") || one.textContent;

export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", ...properties }, text);
  made.addEventListener("click", act);
  return made;
}

function show(place, text, seconds) {
  const line = element("p", {}, text);
  // Wait until a closing dialog has closed, since screen readers do not read messages beneath a dialog.
  setTimeout(() => byId(place).append(line));
  setTimeout(() => line.remove(), seconds * 1000);
}

export const say = (text) => show("notices", text, 4);
export const complain = (error) => show("problems", error.message ?? String(error), 8);

// Runs an action that the user started, and shows the errors of the action.
export const doing = (act) => async (...given) => {
  try {
    await act(...given);
  } catch (error) {
    complain(error);
  }
};

// Limits calls of a function to one in a number of milliseconds. The last call is always made.
export function seldom(milliseconds, act) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      act();
    }, milliseconds);
  };
}

export function marked(text, found) {
  if (!found) return [text];
  const lower = text.toLowerCase();
  const at = lower.indexOf(found);
  if (at < 0 || lower.length !== text.length) return [text];
  return [text.slice(0, at), element("mark", {}, text.slice(at, at + found.length)), text.slice(at + found.length)];
}

export const number = (value) => value.toLocaleString("en");

export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

// Indents JSON text, unless JavaScript would change a number in it.
export function pretty(json) {
  try {
    const value = JSON.parse(json);
    return JSON.stringify(value) === json ? JSON.stringify(value, null, 2) : json;
  } catch {
    return json;
  }
}
