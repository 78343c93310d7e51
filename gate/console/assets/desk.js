// The attendant's console: who is there, what the gate says, which key does what.
import { ask, el, hour, language, loadTexts, moment, money, reload, say, switchLanguage, t } from "./desk_dom.js";
import { actKeys, chosen, choose, renderLanes, stepLane } from "./desk_lanes.js";
import { openAct, watchActs } from "./desk_forms.js";
import { globalActs, openGlobal, refreshOpen } from "./desk_more.js";

const retryMs = 2000;
const activeEveryMs = 20000;
export let state = null;
let door = null;
let source = null;
let lost = false;
let touched = Date.now();
let told = 0;

// ---- the door: login and lock, above whatever is being done ----

function closeDoor() {
  if (door) { door.close(); door.remove(); door = null; }
  document.body.classList.remove("shut");
}

async function enter(form, locked) {
  const wrong = form.querySelector(".wrong");
  const name = form.elements.name?.value.trim() ?? "";
  const secret = form.elements.secret.value;
  const answer = await ask("POST", locked ? "/api/unlock" : "/api/login", { name, secret });
  form.elements.secret.value = "";
  if (answer.status === 200) {
    const before = state?.me.name;
    reload.token = answer.body.me.token;
    if (before && before !== answer.body.me.name) {
      document.querySelectorAll("dialog[open]:not(#door)").forEach((other) => other.close());
    }
    closeDoor();
    touched = Date.now();
    say("");
    await refresh();
    listen();
    return;
  }
  wrong.textContent = answer.status === 429 ? `${t("wait_seconds")} ${answer.body.seconds}`
    : answer.status === 0 ? t("outcome_failed")
    : answer.status === 503 ? t("login_unwritten")
    : answer.status === 401 ? (showDoor(false), "") : t("wrong_secret");
  form.elements.secret.focus();
}

function showDoor(locked) {
  if (door?.dataset.locked === String(locked)) return;
  closeDoor();
  const known = locked && state;
  const form = el("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); enter(form, locked); } },
    el("h1", {}, t(locked ? "locked_title" : "login_title")),
    locked ? el("p", {}, t("locked_hint"), " ", el("strong", {}, known ? state.me.title || state.me.name : ""), ".")
      : el("div", { class: "field" }, el("label", { for: "door-name" }, t("login_name")),
        el("input", { id: "door-name", name: "name", class: "form-control", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true })),
    el("div", { class: "field" }, el("label", { for: "door-secret" }, t("login_secret")),
      el("input", { id: "door-secret", name: "secret", type: "password", class: "form-control", autocomplete: "current-password", required: true })),
    el("p", { class: "wrong", role: "alert" }),
    el("div", { class: "buttons" },
      el("button", { type: "submit", class: "btn btn-primary" }, t(locked ? "unlock_button" : "login_button")),
      locked && el("button", { type: "button", class: "btn btn-outline-dark", onclick: leave }, t("other_user")),
      el("button", { type: "button", class: "btn btn-outline-dark", onclick: () => { switchLanguage(); const was = door.dataset.locked === "true"; closeDoor(); showDoor(was); render(); } }, t("language"))));
  door = el("dialog", { id: "door", "data-locked": String(locked), "aria-label": t(locked ? "locked_title" : "login_title") }, form);
  door.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(door);
  document.body.classList.add("shut");
  door.showModal();
  form.querySelector("input").focus();
}

async function lock() {
  await ask("POST", "/api/lock");
  showDoor(true);
}

async function leave() {
  await ask("POST", "/api/logout");
  reload.token = "";
  state = null;
  document.querySelectorAll("dialog[open]").forEach((other) => other.close());
  closeDoor();
  render();
  showDoor(false);
}

// ---- the gate's state ----

let asking = false;
let again = false;
export async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  const answer = await ask("GET", "/api/state");
  asking = false;
  if (answer.status === 200) {
    state = answer.body;
    reload.token = state.me.token;
    lost = false;
    if (door?.dataset.locked === "false") closeDoor();
    render();
    watchActs(state);
    refreshOpen(state);
  } else if (answer.status === 401) {
    showDoor(false);
  } else if (answer.status === 423) {
    showDoor(true);
  } else {
    lost = true;
    renderAlerts();
    setTimeout(refresh, retryMs);
  }
  if (again) { again = false; refresh(); }
}

function listen() {
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("changed", refresh);
  source.onopen = () => { if (lost) refresh(); };
  source.onerror = () => {
    lost = true;
    renderAlerts();
    // Refused (a restart, a login that ended): the browser gives up then, this page does not.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); listen(); }, retryMs);
  };
}

// ---- what is drawn around the lanes ----

/** What is known of line and journal: of the state, or before a login of what the door was told. */
let lineAtDoor = null;
const lineNow = () => state?.line ?? lineAtDoor;

function journalAlert(line) {
  const why = t(line.disk_full ? "journal_full" : "journal_broken");
  return el("p", { class: "alert-journal", id: "journal-failed" },
    el("strong", {}, `⛔ ${t("journal_failed")}`), ` ${t("offline_since")} ${hour(line.journal_since_ms)} · ${why} · ${t("journal_unstored")} ${line.unstored}`,
    el("span", {}, t("journal_hint")));
}

const troubleAlert = ({ code, at_ms }) => el("p", { class: "alert-trouble", "data-code": code },
  el("strong", {}, `⚠ ${t(code === "journal.damaged" ? "alarm_journal_damaged" : "alarm_journal_behind")}`), ` · ${moment(at_ms)} · ${t("journal_trouble_hint")}`);

function renderAlerts() {
  const line = lineNow();
  const alerts = [];
  if (lost) alerts.push(el("p", { class: "alert-lost" }, t("lost_gate")));
  if (line && !line.journal) alerts.push(journalAlert(line));
  if (line) alerts.push(...line.trouble.map(troubleAlert));
  if (line && !line.online) {
    alerts.push(el("p", { class: "alert-offline", id: "offline" },
      el("strong", {}, `⚠ ${t("offline")}`), ` ${t("offline_since")} ${hour(line.since_ms)} · ${t("offline_waiting")} ${line.waiting}`,
      el("span", {}, t("offline_hint"))));
  }
  const key = alerts.map((node) => node.textContent).join("|");
  const place = document.getElementById("alerts");
  if (place.dataset.key !== key) {
    place.dataset.key = key;
    place.replaceChildren(...alerts);
  }
  // A dialog lies above everything: what must not be overlooked stands in its head, too.
  const words = [line && !line.journal && `⛔ ${t("journal_failed")}`, line && !line.online && `⚠ ${t("offline")}`].filter(Boolean);
  document.documentElement.style.setProperty("--alert-word", JSON.stringify(words.join(" · ")));
  document.body.classList.toggle("alerted", words.length > 0);
  document.body.classList.toggle("offline", Boolean(line && !line.online));
  document.body.classList.toggle("unwritten", Boolean(line && !line.journal));
  const mark = line && !line.journal ? "⛔ " : line && !line.online ? "⚠ " : "";
  document.title = `${mark}${state?.title ?? "doxe"} · ${t("title")}`;
}

function renderTop() {
  const top = document.getElementById("top");
  if (!state) { top.replaceChildren(); return; }
  const focus = document.activeElement?.dataset?.focus;
  const { known, current, at_ms } = state.lot;
  const inside = `${t(known ? "lot_inside" : "lot_inside_here")}: ${state.occupancy.map((row) => `${t(`vehicle_${row.vehicle}`)} ${row.count}`).join(" · ")}${known && !current ? ` (${t("lot_inside_as_of")} ${moment(at_ms)})` : ""}`;
  top.replaceChildren(
    el("div", { class: "who" },
      el("h1", {}, state.title), el("span", { class: "role" }, `${state.me.title || state.me.name} · ${t(`role_${state.me.role}`)}`),
      el("span", { class: `link ${state.line.journal && state.line.online ? "on" : "off"}` }, t(!state.line.journal ? "journal_failed" : state.line.online ? "online" : "offline"))),
    el("nav", { "aria-label": t("menu") },
      globalActs(state).map(({ name, key, badge }) => el("button", { type: "button", class: `btn btn-light ${badge ? "has-badge" : ""}`, "data-focus": `g-${name}`, "data-act": name, onclick: () => openGlobal(name) },
        t(`act_${name}`), badge ? el("span", { class: "count" }, String(badge)) : "", el("kbd", {}, key))),
      el("button", { type: "button", class: "btn btn-light", "data-focus": "g-language", "data-act": "language", onclick: () => { switchLanguage(); render(); } }, t("language"), el("kbd", {}, "V")),
      el("button", { type: "button", class: "btn btn-light", "data-focus": "g-lock", "data-act": "lock", onclick: lock }, t("lock"), el("kbd", {}, "Q")),
      el("button", { type: "button", class: "btn btn-light", "data-focus": "g-logout", "data-act": "logout", onclick: leave }, t("logout"))),
    el("p", { class: "facts" },
      el("span", { id: "shift-now" }, state.shift ? `${t("shift_since")} ${moment(state.shift.opened_ms)} · ${money(state.shift.float_vnd)}` : t("shift_none")),
      el("span", { id: "inside-now" }, inside)));
  if (focus) top.querySelector(`[data-focus="${focus}"]`)?.focus();
}

let drawn = "";
function render() {
  document.getElementById("skip").textContent = t("skip");
  renderAlerts();
  const { now_ms: _now, ...rest } = state ?? {};
  const key = JSON.stringify([language, rest]);
  if (key === drawn) return;
  drawn = key;
  renderTop();
  renderLanes(state);
}

// ---- keys ----

const typing = (node) => node && (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable);
export const keysAreOn = () => localStorage.getItem("doxe.keys") !== "off";

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || door || !state || document.querySelector("dialog[open]")) return;
  if (typing(event.target) || (!keysAreOn() && event.key !== "?")) return;
  const key = event.key.toLowerCase();
  const act = actKeys[key];
  const global = globalActs(state).find((row) => row.key.toLowerCase() === key);
  if (/^[1-9]$/.test(key)) stepLane(state, Number(key) - 1, true);
  else if (key === "arrowright" || key === "arrowdown") stepLane(state, 1, false);
  else if (key === "arrowleft" || key === "arrowup") stepLane(state, -1, false);
  else if (global) openGlobal(global.name);
  else if (key === "v") { switchLanguage(); render(); }
  else if (key === "q") lock();
  else if (act) {
    const lane = chosen(state);
    const wanted = act.find((name) => lane?.acts.includes(name));
    if (wanted) openAct(wanted, lane.lane);
  } else return;
  event.preventDefault();
}

// ---- being there, and not ----

function touch() {
  touched = Date.now();
  if (state && !door && touched - told > activeEveryMs) {
    told = touched;
    ask("POST", "/api/active");
  }
}

function watch() {
  if (state && !door && Date.now() - touched >= state.lock_ms) lock();
}

for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { passive: true, capture: true });
addEventListener("keydown", onKey);
document.getElementById("lanes").addEventListener("choose", (event) => { choose(event.detail); renderLanes(state, true); });
setInterval(watch, 1000);
setInterval(() => { if (state && !door) renderLanes(state, true); }, 30000); // how long a stay is
await loadTexts();
render();
const hello = await ask("GET", "/api/hello");
reload.token = hello.body.token ?? "";
lineAtDoor = hello.body.line ?? null;
renderAlerts();
if (hello.body.in && !hello.body.locked) { await refresh(); listen(); }
else showDoor(Boolean(hello.body.in));
