// Pages to print: a receipt, a slip, a shift.  What is on the screen is what comes out.
import { ask, dialog, duration, el, language, money, moment, t } from "./desk_dom.js";

const row = (name, value, class_) => el("div", { class: class_ }, el("dt", {}, name), el("dd", {}, value));

export function sheet(name, title, content, about) {
  return dialog(name, title, (box) => el("div", {},
    el("article", { class: "sheet" }, content),
    el("div", { class: "buttons no-print" },
      el("button", { type: "button", class: "btn btn-primary", "data-do": "print", autofocus: true, onclick: () => {
        ask("POST", "/api/act", { act: "print", ...about });
        window.print();
      } }, t("print")),
      el("button", { type: "button", class: "btn btn-outline-dark", onclick: () => box.close() }, t("close")))));
}

/** What the fee is made of, in the page's language and the other one: the driver may read either. */
function receiptLines({ lines, fee_vnd, amount_vnd }) {
  if (!lines.length) return null;
  const other = language === "vi" ? "en" : "vi";
  const sum = fee_vnd || lines.reduce((total, line) => total + line.amount_vnd, 0);
  return el("table", { class: "table receipt-lines" },
    el("caption", {}, t("receipt_lines")),
    el("tbody", {}, lines.map((line) => el("tr", {},
      el("th", { scope: "row" }, line[language], line[other] && line[other] !== line[language] && el("small", { lang: other }, line[other])), el("td", {}, money(line.amount_vnd))))),
    el("tfoot", {}, el("tr", { class: "sum" }, el("th", { scope: "row" }, t("fee")), el("td", {}, money(sum))),
      sum > amount_vnd && el("tr", {}, el("th", { scope: "row" }, t("receipt_not_here")), el("td", {}, money(sum - amount_vnd)))));
}

export async function printReceipt(number) {
  const { status, body } = await ask("GET", `/api/receipt/${number}`);
  if (status !== 200) return;
  sheet("receipt", t("receipt"), [
    el("h3", {}, t("receipt_title")), el("p", { class: "centre" }, `${body.title} · ${body.lot}`),
    el("dl", { class: "facts-list" },
      row(t("receipt"), body.receipt), row(t("receipt_at"), moment(body.at_ms)),
      body.plate && row(t("plate"), body.plate),
      body.entered_ms > 0 && row(t("entered"), moment(body.entered_ms)),
      body.entered_ms > 0 && row(t("stayed"), duration(body.at_ms - body.entered_ms))),
    receiptLines(body),
    el("dl", { class: "facts-list" },
      row(t("amount"), money(body.amount_vnd), "due"),
      row(t("receipt_by"), body.by_title || body.by)),
  ], { text: body.receipt, session: body.session });
}

export function printSlip(code, vehicle) {
  sheet("slip", t("act_ticket"), [
    el("h3", {}, t("slip_title")),
    el("p", { class: "centre" }, moment(Date.now()), vehicle ? ` · ${t(`vehicle_${vehicle}`)}` : ""),
    el("img", { class: "slip-code", src: `/api/slip/${code}`, alt: code, width: 200, height: 200 }),
    el("p", { class: "centre slip-text" }, code), el("p", { class: "centre" }, t("slip_hint")),
  ], { text: code });
}

const difference = (vnd) => (vnd > 0 ? "+" : vnd < 0 ? "−" : "") + money(Math.abs(vnd));

export function shiftTable(shift) {
  return el("div", {},
    el("p", {}, `${shift.by}: ${moment(shift.opened_ms)} – ${moment(shift.closed_ms)}`, shift.next_by ? ` · ${t("shift_next")} ${shift.next_by}` : ""),
    el("table", { class: "table" },
      el("tbody", {}, shift.counts.map((note) => el("tr", {}, el("th", { scope: "row" }, `${money(note.note_vnd)} × ${note.pieces}`), el("td", {}, money(note.note_vnd * note.pieces)))),
        el("tr", { class: "sum" }, el("th", { scope: "row" }, t("shift_counted")), el("td", {}, money(shift.counted_vnd))),
        el("tr", {}, el("th", { scope: "row" }, t("shift_float")), el("td", {}, money(shift.float_vnd))),
        el("tr", {}, el("th", { scope: "row" }, `${t("shift_cash")} (${shift.receipts} ${t("shift_receipts")})`), el("td", {}, money(shift.cash_vnd))),
        el("tr", { class: "sum" }, el("th", { scope: "row" }, t("shift_expected")), el("td", {}, money(shift.expected_vnd))),
        el("tr", { class: shift.difference_vnd ? "differs" : "agrees" }, el("th", { scope: "row" }, t("shift_difference")), el("td", {}, difference(shift.difference_vnd))),
        shift.paid_for > 0 && el("tr", {}, el("th", { scope: "row" }, `${t("shift_paid_for")} × ${shift.paid_for}`), el("td", {}, money(shift.paid_for_vnd))))),
    shift.text && el("p", {}, shift.text));
}
