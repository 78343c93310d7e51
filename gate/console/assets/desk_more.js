// What belongs to no lane: finding, shifts, alarms, occupancy, devices, the record, keys.
import { ask, choice, dialog, dialogOpen, duration, el, field, known, money, moment, say, t } from "./desk_dom.js";
import { keysAreOn, state } from "./desk.js";
import { amend, finder, formDialog, openAct, wish } from "./desk_forms.js";
import { offered } from "./desk_lanes.js";
import { sheet, shiftTable } from "./desk_print.js";

/** What this role may open, its key, and how much of it wants to be looked at. */
export function globalActs(now) {
  const may = (act) => now.acts.includes(act);
  return [
    may("find") && { name: "find", key: "F" },
    may("shift_open") && { name: "shift", key: "S" },
    { name: "alarms", key: "M", badge: now.alarms_unseen },
    may("occupancy") && { name: "occupancy", key: "U" },
    now.me.role !== "attendant" && { name: "devices", key: "D" },
    now.me.role === "supervisor" && { name: "deeds", key: "R" },
    { name: "help", key: "?" },
  ].filter(Boolean);
}

// ---- a stay and its history ----

export async function openHistory(session) {
  const { status, body } = await ask("GET", `/api/stay/${session}`);
  if (status !== 200) { say(t("found_none"), "bad"); return; }
  dialog("history", t("history"), (box) => el("div", {},
    body.picture && el("img", { class: "stay-photo", src: `/api/picture/${body.picture}`, alt: t("photo_in") }),
    el("p", {}, el("span", { class: "plate" }, body.kind === "card" ? `${t("card_of")}${body.last4}` : body.plate), ` ${t(`vehicle_${body.vehicle}`)} · ${moment(body.entered_ms)} · ${t(body.inside ? "inside" : "left")}`),
    body.raw && el("p", { class: "hint" }, `${t("read_as")}: ${body.raw}`),
    el("ul", { class: "history" }, body.history.map((one) => el("li", {}, `${moment(one.at_ms)} · ${one.by}: `, el("s", {}, one.was), " → ", el("strong", {}, one.became), one.text ? ` (${one.text})` : ""))),
    el("div", { class: "buttons" }, el("button", { type: "button", class: "btn btn-outline-dark", "data-do": "amend", onclick: () => { box.close(); amend(body); } }, t("act_amend")))));
}

function find() {
  dialog("find", t("act_find"), () => el("div", {}, finder("find", (stay) => openHistory(stay.session))), true);
}

// ---- shifts ----

const notes = [500000, 200000, 100000, 50000, 20000, 10000, 5000, 2000, 1000, 500];

function counter() {
  const total = el("strong", { id: "count-total" }, money(0));
  const inputs = notes.map((note) => el("input", { name: `n${note}`, inputmode: "numeric", autocomplete: "off", class: "form-control", "aria-label": `${money(note)}: ${t("shift_pieces")}` }));
  const pieces = (index) => Number(inputs[index].value.replace(/\D/g, "")) || 0;
  const update = () => { total.textContent = money(notes.reduce((sum, note, index) => sum + note * pieces(index), 0)); };
  inputs.forEach((input) => input.addEventListener("input", update));
  const node = el("div", { class: "counter" }, notes.map((note, index) => el("div", {}, el("span", {}, money(note)), el("span", { "aria-hidden": "true" }, "×"), inputs[index])),
    el("p", { class: "big-sum" }, `${t("shift_total")}: `, total));
  return { node, counts: () => Object.fromEntries(notes.map((note, index) => [note, pieces(index)]).filter(([, n]) => n > 0)) };
}

async function showShift(id) {
  const { body } = await ask("GET", "/api/shifts");
  const shift = body.shifts?.find((one) => one.id === id);
  if (shift) sheet("shift-done", t("shift_done"), [el("h3", {}, t("shift_done")), shiftTable(shift)], { text: `shift ${id}` });
}

async function pastShifts() {
  const { body } = await ask("GET", "/api/shifts");
  return el("details", {}, el("summary", {}, t("shift_past")), (body.shifts ?? []).map((shift) => el("section", { class: "past" }, shiftTable(shift))));
}

async function shift() {
  const count = counter();
  const past = await pastShifts();
  if (!state.shift) {
    formDialog("shift", t("shift_open_title"), [el("p", {}, t("shift_open_hint")), count.node, past], async (form, output) =>
      (await wish({ act: "shift_open", counts: count.counts() }, output)).good, t("shift_open_title"));
    return;
  }
  const name = el("input", { name: "name", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  const secret = el("input", { name: "secret", type: "password", autocomplete: "off" });
  const fields = [el("p", {}, t("shift_close_hint")), count.node, field(t("note"), el("input", { name: "text", maxlength: "80", autocomplete: "off" })),
    el("fieldset", {}, el("legend", {}, t("shift_hand_over")), el("p", { class: "hint" }, t("shift_hand_hint")), field(t("login_name"), name), field(t("login_secret"), secret)), past];
  formDialog("shift", t("shift_close_title"), fields, async (form, output) => {
    const over = form.name.value.trim() !== "";
    const { good, answer } = await wish({ act: over ? "hand_over" : "shift_close", counts: count.counts(), text: form.text.value, name: form.name.value.trim(), secret: form.secret.value }, output);
    form.secret.value = "";
    if (good && answer.body.outcome === "done") showShift(answer.body.shift);
    return good;
  }, t("shift_close_title"));
}

// ---- alarms ----

const alarmText = (code) => { const key = `alarm_${code.replaceAll(".", "_")}`; return known(key) ? t(key) : code; };

async function alarmList() {
  const { status, body } = await ask("GET", "/api/alarms");
  if (status !== 200) return el("p", {}, t("outcome_failed"));
  if (!body.alarms.length) return el("p", {}, t("alarm_none"));
  return el("ul", { class: "alarm-list" }, body.alarms.map((alarm) => el("li", { class: alarm.cleared_ms ? "over" : "raised", "data-code": alarm.code },
    el("div", {}, el("strong", {}, alarmText(alarm.code)), ` · ${alarm.lane ? `${t("lane")} ${alarm.lane}` : t("gate")}${alarm.device ? ` · ${alarm.device}` : ""}`, el("br"),
      el("span", { class: "hint" }, `${t("alarm_raised")} ${moment(alarm.raised_ms)}`, alarm.cleared_ms ? ` · ${t("alarm_cleared")} ${moment(alarm.cleared_ms)}` : ` · ${t("alarm_open")}`,
        alarm.acked_ms ? ` · ${t("alarm_acked")} ${alarm.acked_by}, ${moment(alarm.acked_ms)}` : "")),
    !alarm.acked_ms && el("button", { type: "button", class: "btn btn-primary", "data-focus": `ack-${alarm.code}-${alarm.lane}-${alarm.device}`, onclick: () => wish({ act: "ack", code: alarm.code, lane: alarm.lane, text: alarm.device }) }, t("alarm_ack")))));
}

const healthAfterMs = 2500;
const kept = {}; // what an open dialog was last drawn from
async function alarms() {
  const list = await alarmList();
  dialog("alarms", t("act_alarms"), () => el("div", { id: "alarm-list" }, list), true);
}

// ---- occupancy ----

function occupancy() {
  const now = (vehicle) => state.occupancy.find((row) => row.vehicle === vehicle)?.count ?? 0;
  const select = choice("vehicle", state.occupancy.map((row) => row.vehicle), "car", (word) => t(`vehicle_${word}`));
  const shown = el("strong", {}, String(now("car")));
  select.addEventListener("change", () => { shown.textContent = String(now(select.value)); });
  const fields = [field(t("vehicle"), select), el("p", {}, `${t("occupancy_now")}: `, shown),
    field(t("occupancy_real"), el("input", { name: "to", inputmode: "numeric", autocomplete: "off", required: true, pattern: "[0-9]{1,5}" })),
    field(t("reason"), el("input", { name: "text", maxlength: "80", autocomplete: "off", required: true }))];
  formDialog("occupancy", t("act_occupancy"), fields, async (form, output) =>
    (await wish({ act: "occupancy", vehicle: form.vehicle.value, from: now(form.vehicle.value), to: Number(form.to.value), text: form.text.value }, output)).good, t("occupancy_button"));
}

// ---- devices ----

const roleName = (role) => known(`role_${role}`) ? t(`role_${role}`) : role;
const moving = ["open", "close", "stop", "hold"];

function deviceLane(lane) {
  const test = (act, more) => wish({ act, lane: lane.lane, ...more });
  return el("section", { class: "device", "data-lane": lane.lane },
    el("h3", {}, `${lane.name || t("lane")} (${lane.lane})`), !lane.reachable && el("p", { class: "why" }, t("unreachable")),
    el("h4", {}, t("device_inputs")),
    el("ul", { class: "levels" }, lane.inputs.map((input) => el("li", { class: input.level, "data-role": input.role }, el("span", {}, roleName(input.role)), el("strong", {}, t(`level_${input.level}`))))),
    el("h4", {}, t("device_outputs")),
    el("div", { class: "buttons" }, lane.outputs.filter((role) => !moving.includes(role) && lane.acts.includes("lamp")).map((role) =>
      el("button", { type: "button", class: "btn btn-outline-dark", "data-focus": `lamp-${lane.lane}-${role}`, onclick: () => test("lamp", { code: role }) }, `${t("device_lamp")}: ${roleName(role)}`))),
    lane.acts.includes("move")
      ? el("button", { type: "button", class: "btn btn-danger", "data-focus": `move-${lane.lane}`, "data-do": "move", onclick: () => confirmMove(lane) }, t("device_move"))
      : el("p", { class: "hint" }, t(lane.blocked ? "device_blocked" : "device_busy")));
}

function confirmMove(lane) {
  const box = el("input", { type: "checkbox", class: "form-check-input", id: "move-sure", name: "sure" });
  formDialog("move", `${t("device_move")}: ${lane.name} (${lane.lane})`, [el("div", { class: "form-check tall" }, box, el("label", { for: "move-sure", class: "form-check-label" }, t("device_confirm")))],
    async (form, output) => (await wish({ act: "move", lane: lane.lane, confirm: form.sure.checked }, output)).good, t("device_move"));
}

const devicesOf = (now) => now.lanes.map((lane) => deviceLane(lane));

/** One table that scrolls by itself on a narrow screen, also by keys. */
const scrolled = (label, table) => el("div", { class: "scrolled", tabindex: "0", role: "region", "aria-label": label }, table);
const heads = (...keys) => el("thead", {}, el("tr", {}, keys.map((key) => el("th", { scope: "col" }, t(key)))));

function healthTable(devices) {
  return scrolled(t("health"), el("table", { class: "table health" }, heads("health_device", "health_now", "health_raised", "health_cleared", "health_timeouts", "health_damaged", "health_refused", "health_last_good"),
    el("tbody", {}, devices.map((one) => el("tr", { "data-device": one.name, class: one.now ? "ill" : "well" },
      el("th", { scope: "row" }, one.name),
      el("td", {}, one.now ? one.now.split(" ").map((code) => el("strong", {}, `⚠ ${alarmText(code)}`)) : t("health_good")),
      el("td", {}, String(one.raised)), el("td", {}, String(one.cleared)),
      el("td", {}, String(one.timeouts)), el("td", {}, String(one.damaged)), el("td", {}, String(one.refused)),
      el("td", {}, moment(one.last_good_ms)))))));
}

function faultTable(faults) {
  if (!faults.length) return el("p", {}, t("health_none"));
  return scrolled(t("health_history"), el("table", { class: "table health" }, heads("health_device", "health_fault", "alarm_raised", "alarm_cleared", "health_lasted"),
    el("tbody", {}, faults.map((one) => el("tr", { "data-fault": one.code, class: one.cleared_ms ? "well" : "ill" },
      el("th", { scope: "row" }, one.device), el("td", {}, alarmText(one.code), one.severity === "critical" ? ` (${t("health_critical")})` : ""),
      el("td", {}, moment(one.raised_ms)), el("td", {}, one.cleared_ms ? moment(one.cleared_ms) : el("strong", {}, t("alarm_open"))),
      el("td", {}, duration((one.cleared_ms || Date.now()) - one.raised_ms)))))));
}

async function healthOf() {
  const { status, body } = await ask("GET", "/api/devices");
  if (status !== 200) return [el("p", {}, t("outcome_failed"))];
  return [el("h3", {}, t("health")), healthTable(body.devices), el("h3", {}, t("health_history")), faultTable(body.faults)];
}

async function showHealth() {
  document.getElementById("device-health")?.replaceChildren(...await healthOf());
}

async function devices() {
  const health = await healthOf();
  dialog("devices", t("act_devices"), () => el("div", {}, el("div", { id: "device-list" }, devicesOf(state)),
    el("section", { id: "device-health" }, health)), true);
}

// ---- the record ----

async function deeds() {
  const { body } = await ask("GET", "/api/deeds");
  dialog("deeds", t("act_deeds"), () => el("table", { class: "table" },
    el("thead", {}, el("tr", {}, ["receipt_at", "deed_by", "deed_what", "lane", "note"].map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, (body.deeds ?? []).map((deed) => el("tr", {}, el("td", {}, moment(deed.at_ms)), el("td", {}, deed.by),
      el("td", {}, deed.code || deed.type, deed.code ? ` (${deed.type})` : ""), el("td", {}, deed.lane ? String(deed.lane) : ""), el("td", {}, deed.text, deed.amount_vnd ? ` ${money(deed.amount_vnd)}` : ""))))), true);
}

// ---- keys ----

function help() {
  const rows = [["1 … 9, ← →", t("key_lanes")], ...offered.map(([name, key]) => [key, t(`act_${name}`)]),
    ...globalActs(state).map(({ name, key }) => [key, t(`act_${name}`)]), ["V", t("language")], ["Q", t("lock")], ["Esc", t("key_escape")]];
  const box = el("input", { type: "checkbox", class: "form-check-input", id: "keys-on" });
  box.checked = keysAreOn();
  box.addEventListener("change", () => localStorage.setItem("doxe.keys", box.checked ? "on" : "off"));
  dialog("help", t("act_help"), () => el("div", {}, el("p", {}, t("keys_hint")),
    el("div", { class: "form-check tall" }, box, el("label", { for: "keys-on", class: "form-check-label" }, t("keys_on"))),
    el("dl", { class: "keys" }, rows.map(([key, text]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, text))))), true);
}

const globals = { find, shift, alarms, occupancy, devices, deeds, help };
export function openGlobal(name) { say(""); globals[name]?.(); }

/** Dialogs that show what is live are drawn again; those with fields are left alone. */
export async function refreshOpen(now) {
  const focus = document.activeElement?.dataset?.focus;
  if (dialogOpen("devices")) {
    const key = JSON.stringify(now.lanes.map((lane) => [lane.inputs, lane.acts, lane.reachable]));
    if (kept.devices !== key) {
      document.getElementById("device-list").replaceChildren(...devicesOf(now));
      setTimeout(showHealth, healthAfterMs); // the history is written a moment later
    }
    kept.devices = key;
  }
  if (dialogOpen("alarms")) {
    const list = await alarmList();
    document.getElementById("alarm-list")?.replaceChildren(list);
  }
  if (focus && document.activeElement === document.body) document.querySelector(`[data-focus="${focus}"]`)?.focus();
}
export { openAct };
