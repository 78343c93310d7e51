// Small things all parts of the console use: elements, words, numbers, the line to the gate.
let texts = { vi: {}, en: {} };
export let language = localStorage.getItem("doxe.language") === "en" ? "en" : "vi";

export async function loadTexts() {
  texts = await (await fetch("/api/texts")).json();
  document.documentElement.lang = language;
}

export function switchLanguage() {
  language = language === "vi" ? "en" : "vi";
  localStorage.setItem("doxe.language", language);
  document.documentElement.lang = language;
}

/** The word for a key; a key that is not known is shown as it is, so that it is found. */
export const t = (key) => texts[language][key] ?? key;
export const known = (key) => key in texts[language];

/** el("p", {class: "x", onclick: f}, "text", child…): text is only ever text. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const grouped = (number) => new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-US").format(number);
export const money = (vnd) => `${grouped(vnd)} ${language === "vi" ? "đ" : "VND"}`;

const zone = "Asia/Ho_Chi_Minh";
const parts = (ms, options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour12: false, ...options }).format(ms);
export const hour = (ms) => parts(ms, { hour: "2-digit", minute: "2-digit" });
export const day = (ms) => parts(ms, { day: "2-digit", month: "2-digit", year: "numeric" });
export const moment = (ms) => (ms ? `${hour(ms)} ${day(ms)}` : "–");
/** "2026-11-23T21:05" for a datetime-local field, as the clock on the wall shows it; and back. */
export const toField = (ms) => new Date(ms + 7 * 3600e3).toISOString().slice(0, 16);
export const fromField = (text) => (text ? Date.parse(`${text}:00+07:00`) : 0);

export function duration(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const [d, h, m] = language === "vi" ? [" ngày ", " giờ ", " phút"] : [" d ", " h ", " min"];
  return (days ? days + d : "") + (hours || days ? hours + h : "") + (days ? "" : (minutes % 60) + m);
}

export const vehicles = ["car", "motorbike", "bicycle"];
export const reload = { token: "" };

/** Asks the gate; {status, body}.  status 0: it cannot be reached. */
export async function ask(method, path, body) {
  try {
    const answer = await fetch(path, {
      method, cache: "no-store",
      headers: method === "POST" ? { "Content-Type": "application/json", "X-Doxe-Token": reload.token || "login" } : {},
      body: body === undefined ? (method === "POST" ? "{}" : undefined) : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : {} };
  } catch {
    return { status: 0, body: {} };
  }
}

/** What a person is told, in the page's live region. */
let quiet = 0;
export function say(text, kind = "plain") {
  clearTimeout(quiet);
  if (text && kind === "good") quiet = setTimeout(() => say(""), 8000);
  const said = document.getElementById("said");
  said.className = kind;
  said.textContent = text;
}

/** A labelled field. */
export function field(label, input, hint) {
  const id = `f${Math.random().toString(36).slice(2)}`;
  input.id = id;
  if (input.classList.length === 0) input.classList.add(input.tagName === "SELECT" ? "form-select" : "form-control");
  const note = hint ? el("small", { id: `${id}h`, class: "hint" }, hint) : null;
  if (note) input.setAttribute("aria-describedby", note.id);
  return el("div", { class: "field" }, el("label", { for: id }, label), input, note);
}

export function choice(name, values, chosen, word, empty) {
  const options = values.map((value) => el("option", { value, selected: value === chosen }, word(value)));
  if (empty) options.unshift(el("option", { value: "" }, empty));
  return el("select", { name }, options);
}

/**
 * A dialog that closes by Escape and by its button and gives the focus back.  `content` gets the
 * dialog; what it returns is shown.
 */
export function dialog(name, title, content, wide = false) {
  const before = document.activeElement;
  const box = el("dialog", { class: wide ? "wide" : "", "aria-labelledby": "dialog-title", "data-dialog": name });
  box.append(
    el("header", {}, el("h2", { id: "dialog-title" }, title),
      el("button", { type: "button", class: "btn btn-outline-dark", onclick: () => box.close() }, t("close"))),
    el("div", { class: "inside" }, content(box)));
  box.addEventListener("close", () => { box.remove(); before?.isConnected && before.focus(); });
  for (const other of document.querySelectorAll("dialog[open]:not(#door)")) other.close();
  document.body.append(box);
  box.showModal();
  box.querySelector("[autofocus], .inside input, .inside select, .inside button")?.focus();
  return box;
}

export const dialogOpen = (name) => document.querySelector(`dialog[data-dialog="${name}"]`);
