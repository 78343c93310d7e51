// live.js - keeps a page as the server sees it, without loading it again.
//
// The server says "something changed" (server-sent events); the page then asks for its
// part, which the server has rendered, and takes over what differs.  Nothing here knows
// fees, states or lanes.

const body = document.body;
const part = document.getElementById("part");
const state = document.getElementById("live-state");

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null);

function sameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function takeAttributes(to, from) {
  for (const { name } of [...to.attributes]) {
    // What a person opened stays open.
    if (!from.hasAttribute(name) && !(to.nodeName === "DETAILS" && name === "open")) {
      to.removeAttribute(name);
    }
  }
  for (const { name, value } of from.attributes) {
    if (to.getAttribute(name) !== value) to.setAttribute(name, value);
  }
}

/** Makes `to` look like `from` and leaves alone what is equal: focus, typed text, open details. */
export function morph(to, from) {
  if (to.nodeType !== Node.ELEMENT_NODE) {
    if (to.nodeValue !== from.nodeValue) to.nodeValue = from.nodeValue;
    return;
  }
  // What our scripts say just now is left alone: an answer, a button at work.
  if (to.nodeName === "OUTPUT" || to.hasAttribute("data-busy")) return;
  takeAttributes(to, from);
  if (to.hasAttribute("data-keep") || to.nodeName === "SELECT") return;
  const keyed = new Map();
  for (const child of to.childNodes) {
    if (keyOf(child)) keyed.set(keyOf(child), child);
  }
  let at = to.firstChild;
  for (const wanted of [...from.childNodes]) {
    const key = keyOf(wanted);
    let found = key ? keyed.get(key) : at;
    if (found && !sameKind(found, wanted)) found = null;
    if (found && !key && keyOf(found)) found = null;
    if (!found) {
      to.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (found === at) at = at.nextSibling;
    else to.insertBefore(found, at);
    morph(found, wanted);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

let asking = false;
let again = false;
const listeners = [];

/** Called after each time the part was taken over. */
export function onTaken(listener) {
  listeners.push(listener);
}

export async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(body.dataset.part, { cache: "no-store" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(
        `<main id="part">${await answer.text()}</main>`, "text/html");
      morph(part, page.getElementById("part"));
      clock();
      listeners.forEach((listener) => listener());
    }
  } catch {
    // The stream says when the server is there again.
  } finally {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function show(on) {
  state.textContent = on ? body.dataset.on : body.dataset.off;
  state.className = on ? "live on" : "live off";
}

/** Opens the stream; `pause` ms gather several changes into one question. */
export function start(pause = 120) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  };
  const connect = () => {
    const source = new EventSource(body.dataset.events);
    // After "hello" no change can be missed any more, so the state is read then.
    source.addEventListener("hello", () => { show(true); soon(); });
    source.addEventListener("change", soon);
    source.onerror = () => {
      show(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
    };
  };
  connect();
  setInterval(refresh, 60000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  clock();
  setInterval(clock, 1000);
}

// ---- elapsed times ----

const lang = document.documentElement.lang;
const tight = ["ko", "ja", "zh"].includes(lang) ? "" : " ";
const units = (body.dataset.units ?? (lang === "vi" ? "ngày|giờ|phút" : "d|h|min"))
  .split("|").map((unit) => tight + unit);

function elapsed(ms, short) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  if (short && minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  if (days) return `${days}${units[0]} ${hours}${units[1]}`;
  if (hours) return `${hours}${units[1]} ${minutes % 60}${units[2]}`;
  return `${minutes}${units[2]}`;
}

let offset = null; // server's clock minus this one's

function clock() {
  const told = part.querySelector("[data-now]");
  if (told && told.dataset.now !== clock.seen) {
    clock.seen = told.dataset.now;
    offset = Number(told.dataset.now) - Date.now();
  }
  const now = Date.now() + (offset ?? 0);
  for (const node of part.querySelectorAll("[data-since]")) {
    const text = elapsed(now - Number(node.dataset.since), node.hasAttribute("data-short"));
    if (node.textContent !== text) node.textContent = text;
  }
  for (const node of part.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Number(node.dataset.until) - now);
    const text = left < 3600000 ? elapsed(left, true) : elapsed(left, false);
    if (node.textContent !== text) node.textContent = text;
  }
}

export const serverNow = () => Date.now() + (offset ?? 0);
