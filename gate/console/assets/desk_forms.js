// Acts on a lane: each is a dialog, a wish, and what became of it.
import { ask, choice, dialog, el, field, fromField, known, money, moment, say, t, toField, vehicles } from "./desk_dom.js";
import { refresh, state } from "./desk.js";
import { printReceipt, printSlip } from "./desk_print.js";

const pending = new Map(); // id -> {act, until}
const waitMs = 30000;

export function outcomeText(answer) {
  if (answer.status !== 200) return t(answer.status === 403 ? "outcome_denied" : answer.status === 0 ? "outcome_failed" : "outcome_wrong");
  const { outcome, text } = answer.body;
  if (outcome === "wrong" && known(`wrong_${text}`)) return t(`wrong_${text}`);
  const more = outcome === "impossible" && known(`state_${text}`) ? t(`state_${text}`) : text;
  return t(`outcome_${outcome}`) + (more && outcome !== "done" && outcome !== "waiting" ? `: ${more}` : "");
}

const tones = { done: "good", waiting: "plain" };
const toneOf = (answer) => (answer.status === 200 && tones[answer.body.outcome]) || "bad";

/** Sends a wish and tells what became of it; true when it is done or on its way. */
export async function wish(body, output) {
  const answer = await ask("POST", "/api/act", body);
  const good = toneOf(answer) !== "bad";
  const text = `${t(`act_${body.act}`) === `act_${body.act}` ? "" : `${t(`act_${body.act}`)}: `}${outcomeText(answer)}`;
  if (output && !good) { output.textContent = outcomeText(answer); output.className = "bad"; }
  else say(text, toneOf(answer));
  if (answer.body.outcome === "waiting" && answer.body.id) pending.set(answer.body.id, { act: body.act, until: Date.now() + waitMs });
  refresh();
  return { good, answer };
}

/** With each news of the gate: is what was on its way done now? */
export async function watchActs() {
  for (const [id, { act, until }] of pending) {
    const answer = await ask("GET", `/api/act/${id}`);
    if (answer.status !== 200 || answer.body.outcome === "waiting") {
      if (Date.now() > until) pending.delete(id);
      continue;
    }
    pending.delete(id);
    say(`${t(`act_${act}`)}: ${outcomeText(answer)}`, toneOf(answer));
  }
}

const laneNow = (number) => state.lanes.find((lane) => lane.lane === number);

/** A dialog with a form: fields, a word about the record, the button, where it says what was wrong. */
export function formDialog(name, title, fields, submit, button = t("send"), hint = t("confirm_hint")) {
  return dialog(name, title, (box) => {
    const output = el("output", { role: "alert" });
    const form = el("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const send = form.querySelector("button[type=submit]");
        send.disabled = true;
        output.textContent = "";
        if (await submit(form.elements, output, box)) box.close();
        send.disabled = false;
      },
    }, fields, el("p", { class: "hint" }, hint), output,
    el("div", { class: "buttons" },
      el("button", { type: "submit", class: "btn btn-primary" }, button),
      el("button", { type: "button", class: "btn btn-outline-dark", onclick: () => box.close() }, t("cancel"))));
    return form;
  });
}

const classField = (chosen) => field(t("vehicle"), choice("vehicle", vehicles, chosen, (word) => t(`vehicle_${word}`), t("vehicle_unknown")));
const noteField = (label = t("note")) => field(label, el("input", { name: "text", maxlength: "80", autocomplete: "off" }));

// ---- plates, with suggestions ----

function plateField(value, take) {
  const input = el("input", { name: "plate", maxlength: "24", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", value: value ?? "", autofocus: true });
  const list = el("div", { class: "suggest", "aria-live": "polite" });
  let last = 0;
  async function suggest() {
    const turn = ++last;
    if (input.value.trim().length < 4) { list.replaceChildren(); return; }
    const { status, body } = await ask("POST", "/api/suggest", { plate: input.value });
    if (turn !== last || status !== 200) return;
    const near = body.stays.map((stay) => el("button", {
      type: "button", class: "btn btn-light", "data-plate": stay.plate, onclick: () => { input.value = stay.plate; take?.(stay.vehicle); suggest(); },
    }, el("span", { class: "plate" }, stay.plate), ` ${t(`vehicle_${stay.vehicle}`)} · ${moment(stay.entered_ms)}${stay.distance ? ` · ${t("distance")} ${stay.distance}` : ""}`));
    const forms = body.forms.map((form) => el("button", { type: "button", class: "btn btn-light", "data-plate": form, onclick: () => { input.value = form; suggest(); } }, el("span", { class: "plate" }, form)));
    if (body.good && body.vehicle !== "unknown") take?.(body.vehicle);
    list.replaceChildren(...[near.length && el("p", {}, t("suggestions")), ...near, forms.length && el("p", {}, t("forms")), ...forms].filter(Boolean));
  }
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 200); });
  if (value) suggest();
  return el("div", {}, field(t("plate"), input, t("plate_example")), list);
}

function plateAndClass(lane) {
  const classes = classField(lane?.vehicle && lane.vehicle !== "unknown" ? lane.vehicle : "");
  const select = classes.querySelector("select");
  return [plateField(lane?.kind === "card" ? "" : lane?.plate || lane?.raw, (vehicle) => { if (vehicle !== "unknown") select.value = vehicle; }), classes];
}

function correct(lane) {
  formDialog("correct", t("act_correct"), [...plateAndClass(lane), noteField()], async (form, output) =>
    (await wish({ act: "correct", lane: lane.lane, plate: form.plate.value, vehicle: form.vehicle.value, text: form.text.value }, output)).good);
}

export function amend(stay, done) {
  formDialog("amend", t("act_amend"), [...plateAndClass(stay), noteField(t("reason"))], async (form, output) => {
    const { good } = await wish({ act: "amend", session: stay.session, plate: form.plate.value, vehicle: form.vehicle.value, text: form.text.value }, output);
    if (good) done?.();
    return good;
  });
}

// ---- opening by hand ----

const reasons = ["reader", "paid_seen", "emergency", "device", "crowd", "other"];

function open(lane) {
  const fields = [
    field(t("reason"), choice("reason", reasons, "", (word) => t(`reason_${word}`), t("reason_choose"))),
    noteField(), el("p", { class: "hint" }, t("photo_kept")),
  ];
  formDialog("open", t("act_open"), fields, async (form, output) =>
    (await wish({ act: "open", lane: lane.lane, reason: form.reason.value, text: form.text.value }, output)).good, t("act_open"));
}

// ---- tickets ----

function ticket(lane) {
  const input = el("input", { name: "code", maxlength: "40", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", autofocus: true });
  const fields = [field(t("ticket_code"), input, t(lane.exit ? "ticket_exit_hint" : "ticket_hint")), classField(lane.vehicle)];
  formDialog("ticket", t("act_ticket"), fields, async (form, output) => {
    const made = !form.code.value.trim();
    const { good, answer } = await wish({ act: "ticket", lane: lane.lane, code: form.code.value, vehicle: form.vehicle.value }, output);
    if (good && made) printSlip(answer.body.code, form.vehicle.value);
    return good;
  }, t(lane.exit ? "send" : "ticket_new"));
}

// ---- who is it? ----

function checkFields(lane) {
  const said = el("p", { class: "hint", role: "status", "data-card": "" });
  let timer = 0;
  async function look() {
    const { status, body } = await ask("GET", `/api/card/${lane.lane}`);
    if (status === 200 && body.read) { said.textContent = `${t("scan_done")} ••${body.last4}`; said.dataset.card = body.last4; return; }
    if (status === 200 && !body.waiting) { said.textContent = ""; return; }
    if (said.isConnected) timer = setTimeout(look, 1000);
  }
  const scan = el("button", { type: "button", class: "btn btn-outline-dark", onclick: async () => {
    clearTimeout(timer);
    const { good } = await wish({ act: "scan", lane: lane.lane });
    if (good) { said.textContent = t("scan_waiting"); look(); }
  } }, t("scan_start"));
  const select = choice("check", ["card", "papers", "witness"], "", (word) => t(`check_${word}`), t("reason_choose"));
  const card = el("div", { hidden: true }, scan, said, el("p", { class: "hint" }, t("scan_hint")));
  select.addEventListener("change", () => { card.hidden = select.value !== "card"; });
  return [field(t("check"), select), card, noteField(t("check_note"))];
}

function declare(lane) {
  const at = el("input", { type: "datetime-local", name: "entered", value: toField(Date.now() - 3600e3), max: toField(Date.now()), required: true });
  const fields = [...plateAndClass(lane), field(t("entered_at"), at), ...checkFields(lane)];
  formDialog("declare", t("act_declare"), fields, async (form, output) => (await wish({
    act: "declare", lane: lane.lane, plate: form.plate.value, vehicle: form.vehicle.value,
    entered_ms: fromField(form.entered.value), check: form.check.value, text: form.text.value,
  }, output)).good);
}

// ---- looking for a stay ----

/** The stays that fit, each a button with its photo. */
export async function stayList(part, ended, pick) {
  const { status, body } = await ask("POST", "/api/find", { part, ended });
  if (status !== 200) return el("p", { class: "bad" }, t(status === 400 ? "wrong_plate" : "outcome_failed"));
  const lot = !body.lot.known ? el("p", { class: "hint lot-age" }, t("lot_unknown"))
    : !body.lot.current ? el("p", { class: "hint lot-age" }, `${t("lot_as_of")} ${moment(body.lot.at_ms)}`) : null;
  if (!body.stays.length) return el("div", {}, el("p", {}, t("found_none")), lot);
  return el("div", {}, lot, el("ul", { class: "stays" }, body.stays.map((stay) => el("li", {}, el("button", {
    type: "button", class: "btn btn-light", "data-session": stay.session, "data-plate": stay.plate, onclick: (event) => pick(stay, event.currentTarget),
  },
  stay.picture ? el("img", { src: `/api/picture/${stay.picture}`, alt: "" }) : el("span", { class: "none" }, t("photo_none")),
  el("span", {}, el("span", { class: "plate" }, stay.kind === "card" ? `${t("card_of")}${stay.last4}` : stay.plate),
    el("span", {}, ` ${t(`vehicle_${stay.vehicle}`)}`), el("br"),
    el("span", { class: "hint" }, stay.entered_ms ? `${moment(stay.entered_ms)} · ` : "", stay.elsewhere ? `${t("other_gate")} · ` : "", t(stay.inside ? "inside" : "left"),
      stay.left_ms ? ` ${moment(stay.left_ms)}` : "")))))));
}

export function finder(name, pick) {
  const part = el("input", { name: "part", maxlength: "24", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", autofocus: true });
  const ended = el("input", { type: "checkbox", class: "form-check-input", id: `${name}-ended` });
  const found = el("div", { class: "found", "aria-live": "polite" });
  const look = async () => found.replaceChildren(await stayList(part.value, ended.checked, pick));
  part.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); look(); } });
  return [field(t("find_part"), part),
    el("div", { class: "form-check tall" }, ended, el("label", { for: ended.id, class: "form-check-label" }, t("find_ended"))),
    el("button", { type: "button", class: "btn btn-primary", "data-do": "find", onclick: look }, t("find_button")), found];
}

function lost(lane) {
  let session = "";
  const fields = [...finder("lost", (stay, button) => {
    session = stay.session;
    for (const other of button.closest("ul").querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
  }), ...checkFields(lane)];
  formDialog("lost", t("act_lost"), fields, async (form, output) =>
    (await wish({ act: "lost", lane: lane.lane, session, check: form.check.value, text: form.text.value }, output)).good);
}

// ---- money ----

function cash(lane) {
  const due = lane.amount_vnd;
  const change = el("strong", { id: "change" }, "–");
  const given = el("input", { name: "given", inputmode: "numeric", autocomplete: "off", autofocus: true });
  given.addEventListener("input", () => {
    const value = Number(given.value.replace(/\D/g, ""));
    change.textContent = !value ? "–" : value < due ? t("cash_short") : money(value - due);
  });
  const quick = [due, ...[10000, 20000, 50000, 100000, 200000, 500000].filter((note) => note > due)].slice(0, 4);
  const fields = [
    el("p", { class: "big-sum" }, `${t("cash_due")}: `, el("strong", {}, money(due))),
    field(t("cash_given"), given),
    el("div", { class: "buttons" }, quick.map((note) => el("button", { type: "button", class: "btn btn-light", onclick: () => { given.value = note; given.dispatchEvent(new Event("input")); } }, money(note)))),
    el("p", { class: "big-sum" }, `${t("cash_change")}: `, change),
  ];
  formDialog("cash", t("act_cash"), fields, async (form, output) => {
    const value = Number(form.given.value.replace(/\D/g, ""));
    if (value && value < due) { output.textContent = t("cash_short"); return false; }
    const { good, answer } = await wish({ act: "cash", lane: lane.lane, amount_vnd: due }, output);
    if (good && answer.body.outcome === "done") printReceipt(answer.body.receipt);
    return good;
  }, t("cash_take"));
}

function payFor(lane) {
  const fields = [
    el("p", { class: "big-sum" }, `${t("cash_due")}: `, el("strong", {}, money(lane.amount_vnd))),
    lane.qr && el("img", { class: "pay-qr", src: `/api/qr/${lane.lane}?${lane.paycode}`, alt: t("qr_alt"), width: 264, height: 264 }),
    el("p", {}, t("paycode"), ": ", el("strong", {}, lane.paycode)), el("p", {}, t("pay_hint")),
  ];
  formDialog("pay_for", t("act_pay_for"), fields, async (form, output) => {
    const { good } = await wish({ act: "pay_for", lane: lane.lane, amount_vnd: lane.amount_vnd }, output);
    if (good) { output.textContent = t("outcome_done"); output.className = "good"; }
    return false; // the code stays on the screen: it is paid now
  }, t("pay_button"));
}

function debt(lane) {
  const sum = lane.amount_vnd || lane.fee_vnd;
  const fields = [sum > 0 && el("p", { class: "big-sum" }, `${t("due")}: `, el("strong", {}, money(sum))),
    el("p", {}, `${t("debt_hint")} ${money(state.debt_limit_vnd)}`), noteField(t("reason"))];
  formDialog("debt", t("act_debt"), fields, async (form, output) =>
    (await wish({ act: "debt", lane: lane.lane, text: form.text.value }, output)).good);
}

function simple(name, lane) {
  formDialog(name, t(`act_${name}`), [el("p", {}, `${t("lane")} ${lane.lane} · ${lane.name}`), noteField()], async (form, output) =>
    (await wish({ act: name, lane: lane.lane, text: form.text.value }, output)).good);
}

const forms = { correct, open, ticket, declare, lost, cash, pay_for: payFor, debt };

export function openAct(name, number) {
  const lane = laneNow(number);
  if (!lane) return;
  say("");
  (forms[name] ?? ((one) => simple(name, one)))(lane);
}
