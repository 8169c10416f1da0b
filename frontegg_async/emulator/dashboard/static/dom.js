// Elements and the messages of the page. Text goes in as text: whatever a tenant is called, it is not markup.

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

// Puts new content in the place of old where it differs, so that no click is lost, and leaves the keyboard where it was.
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

// Puts rows in their places, and moves none that is in its place already.
export function place(rows, shown) {
  const wanted = new Set(shown);
  for (const old of [...rows.children]) if (!wanted.has(old)) old.remove();
  shown.forEach((one, at) => {
    if (rows.children[at] !== one) rows.insertBefore(one, rows.children[at] ?? null);
  });
}

// Where the keyboard goes when what it was at is gone.
export const focusView = () => document.querySelector(".view:not([hidden]) h2").focus();

export const nameOf = (one) => one.id || one.getAttribute("aria-label") || one.textContent;

export function button(text, act, properties = {}) {
  const made = element("button", { type: "button", ...properties }, text);
  made.addEventListener("click", act);
  return made;
}

function show(place, text, seconds) {
  const line = element("p", {}, text);
  // Not before a dialog has closed that is about to: beneath one, nobody would hear it.
  setTimeout(() => byId(place).append(line));
  setTimeout(() => line.remove(), seconds * 1000);
}

export const say = (text) => show("notices", text, 4);
export const complain = (error) => show("problems", error.message ?? String(error), 8);

// Runs what a person asked for, and tells what went wrong.
export const doing = (act) => async (...given) => {
  try {
    await act(...given);
  } catch (error) {
    complain(error);
  }
};

// At most one call in so many milliseconds; the last one always comes.
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

// JSON text, indented; as it is where JavaScript would change a number in it.
export function pretty(json) {
  try {
    const value = JSON.parse(json);
    return JSON.stringify(value) === json ? JSON.stringify(value, null, 2) : json;
  } catch {
    return json;
  }
}
