// The lanes: cards of all, and everything of the chosen one.
import { dialog, duration, el, hour, known, language, moment, money, t } from "./desk_dom.js";
import { openAct } from "./desk_forms.js";
import { openHistory } from "./desk_more.js";

let number = 0;
let pick = null;
export const choose = (lane) => { pick = lane; number = lane; };
/** The chosen lane; one that needs a person comes first when nobody has chosen yet. */
export function chosen(state) {
  const lanes = state?.lanes ?? [];
  return lanes.find((lane) => lane.lane === number) ?? lanes.find((lane) => lane.hold) ?? lanes[0];
}

export function stepLane(state, step, absolute) {
  const at = absolute ? step : state.lanes.findIndex((lane) => lane === chosen(state)) + step;
  const lane = state.lanes[(at + state.lanes.length) % state.lanes.length];
  if (!lane || (absolute && step >= state.lanes.length)) return;
  choose(lane.lane);
  renderLanes(state, true);
  document.querySelector(`[data-focus="lane-${lane.lane}"]`)?.focus();
}

/** Acts of a lane in the order in which they are offered, with their keys. */
const offered = [
  ["cash", "K"], ["pay_for", "P"], ["correct", "C"], ["ticket", "T"], ["declare", "N"], ["lost", "L"],
  ["open", "O"], ["debt", "G"], ["passback", "B"], ["automatic", "Z"], ["hold_open", "H"], ["hold_closed", "J"],
  ["entry", "Y"], ["exit", "Y"], ["close_lane", "X"], ["open_lane", "X"],
];
export const actKeys = {};
for (const [name, key] of offered) (actKeys[key.toLowerCase()] ??= []).push(name);
export { offered };

const alarmed = (lane) => lane.hold || lane.mode === "emergency" || lane.state === "fault" || !lane.reachable;
const tone = (lane) => alarmed(lane) ? "bad" : lane.state === "quoted" ? "wait" : ["opening", "open", "passing"].includes(lane.state) ? "go" : "calm";
const nameOf = (lane) => lane.name || `${t("lane")} ${lane.lane}`;

export function subjectText(lane) {
  if (lane.kind === "card") return `${t("card_of")}${lane.last4}`;
  if (lane.kind === "ticket") return `${t("ticket_of")} ${lane.plate}`;
  return lane.plate || "";
}

function card(lane, index, isChosen, unwritten) {
  return el("li", {},
    el("button", {
      type: "button", class: `lane-card ${tone(lane)} ${isChosen ? "chosen" : ""}`, "aria-pressed": String(isChosen),
      "data-focus": `lane-${lane.lane}`, "data-lane": lane.lane,
      onclick: (event) => event.target.dispatchEvent(new CustomEvent("choose", { bubbles: true, detail: lane.lane })),
    },
    el("span", { class: "name" }, `${lane.exit ? "←" : "→"} ${nameOf(lane)}`, el("kbd", {}, String(index + 1))),
    el("span", { class: "state" }, t(`state_${lane.state}`)),
    unwritten && el("span", { class: "mode" }, `⛔ ${t("lane_unwritten")}`),
    lane.mode !== "automatic" && el("span", { class: "mode" }, t(`mode_${lane.mode}`)),
    subjectText(lane) && el("span", { class: "plate" }, subjectText(lane)),
    lane.amount_vnd > 0 && lane.display === "pay" && el("span", { class: "amount" }, money(lane.amount_vnd))));
}

function picture(name, caption) {
  return el("figure", { class: name ? "" : "empty" },
    name ? el("button", { type: "button", class: "photo", "data-focus": `photo-${name}`, "aria-label": `${caption}: ${t("photo_large")}`, onclick: () => openPhoto(name, caption) },
      el("img", { src: `/api/picture/${name}`, alt: caption })) : el("div", { class: "none" }, t("photo_none")),
    el("figcaption", {}, caption, name ? ` · ${hour(Number(name.split("-")[0]))}` : ""));
}

const openPhoto = (name, caption) =>
  dialog("photo", caption, () => el("img", { class: "photo-large", src: `/api/picture/${name}`, alt: caption }), true);

const fact = (name, value, class_) => el("div", { class: class_ }, el("dt", {}, name), el("dd", {}, value));

function money_facts(lane, now) {
  const rows = [];
  if (lane.entered_ms) {
    rows.push(fact(t("entered"), moment(lane.entered_ms)), fact(t("stayed"), duration(now - lane.entered_ms)));
  }
  if (lane.fee_vnd > 0) rows.push(fact(t("fee"), money(lane.fee_vnd)));
  if (lane.display === "pay") {
    rows.push(fact(t("due"), money(lane.amount_vnd), "due"));
    if (lane.valid_until_ms) rows.push(fact(t("held_until"), hour(lane.valid_until_ms)));
  }
  return rows.length ? el("dl", { class: "facts-list" }, rows) : null;
}

function vehicle(lane) {
  const text = subjectText(lane);
  if (!text && !lane.raw) {
    return el("p", { class: "nobody" }, t(["idle", "closed", "learning"].includes(lane.state) ? "no_vehicle" : "no_plate"));
  }
  return el("div", { class: "vehicle" },
    el("span", { class: "plate big" }, text || "?"),
    el("span", {}, t(`vehicle_${lane.vehicle}`)),
    lane.raw && lane.raw !== text && el("span", { class: "hint" }, `${t("read_as")}: ${lane.raw}`),
    lane.source === "camera" && lane.confidence > 0 && el("span", { class: "hint" }, `${Math.round(lane.confidence / 10)} % ${t("sure")}`),
    lane.amendments > 0 && el("button", { type: "button", class: "btn btn-outline-dark", "data-focus": "history", onclick: () => openHistory(lane.session) }, `${t("amended")} (${lane.amendments})`));
}

function code(lane) {
  if (!lane.qr) return null;
  return el("div", { class: "code" },
    el("img", { src: `/api/qr/${lane.lane}?${lane.paycode}-${lane.amount_vnd}`, alt: t("qr_alt"), width: 176, height: 176 }),
    el("p", {}, t("paycode"), el("strong", {}, lane.paycode)));
}

function detail(state, lane) {
  const now = Date.now();
  const acts = offered.filter(([name]) => lane.acts.includes(name));
  const photos = "plate" in lane;
  return [
    el("h2", {}, nameOf(lane), " ", el("span", { class: `badge-state ${tone(lane)}` }, t(`state_${lane.state}`))),
    !state.line.journal && el("p", { class: "why" }, t("lane_unwritten_hint")),
    !lane.reachable && el("p", { class: "why" }, t("unreachable")),
    lane.hold && el("p", { class: "why", role: "alert" }, t(`hold_${lane.hold}`)),
    lane.permit && el("p", { class: "permit" }, lane.permit === "paid" && el("strong", {}, `${t("paid")} `), t(`permit_${lane.permit}`),
      lane.amount_vnd > 0 && ` · ${money(lane.amount_vnd)}`),
    photos && vehicle(lane),
    el("div", { class: "columns" },
      el("div", {}, photos && money_facts(lane, now),
        el("p", { class: "arm" }, `${t("barrier")}: `, el("strong", {}, known(`barrier_${lane.barrier}`) ? t(`barrier_${lane.barrier}`) : lane.barrier),
          ` · ${t("mode")}: `, el("strong", {}, t(`mode_${lane.mode}`)))),
      photos && code(lane)),
    el("div", { class: "work" },
      el("div", { class: "acts" }, acts.map(([name, key], index) => el("button", {
        type: "button", class: `btn ${index === 0 && (lane.hold || lane.display === "pay") ? "btn-primary" : "btn-outline-dark"}`,
        "data-act": name, "data-focus": `act-${name}`, onclick: () => openAct(name, lane.lane),
      }, t(`act_${name}`), el("kbd", {}, key)))),
      photos && el("div", { class: "photos" },
        lane.exit && lane.session && picture(lane.picture_in, t("photo_in")),
        picture(lane.picture, t(lane.exit && lane.session ? "photo_out" : "photo_last")))),
  ];
}

let before = "";
export function renderLanes(state, always) {
  const list = document.getElementById("lanes");
  const place = document.getElementById("lane");
  const lane = chosen(state);
  const key = JSON.stringify([language, state?.lanes, state?.line.journal, lane?.lane, state?.me.role]);
  if (key === before && !always) return;
  before = key;
  if (!state) { list.replaceChildren(); place.replaceChildren(); return; }
  if (pick === null && lane?.hold) number = lane.lane; // stays where it was when the hold ends
  const focus = document.activeElement?.dataset?.focus;
  list.setAttribute("aria-label", t("lanes"));
  list.replaceChildren(el("ul", {}, state.lanes.map((one, index) => card(one, index, one === lane, !state.line.journal))));
  if (lane) {
    place.setAttribute("aria-label", nameOf(lane));
    place.dataset.lane = lane.lane;
    place.dataset.state = lane.state;
    place.className = tone(lane);
    place.replaceChildren(...detail(state, lane).filter(Boolean));
  }
  if (focus) document.querySelector(`[data-focus="${focus}"]`)?.focus();
}
