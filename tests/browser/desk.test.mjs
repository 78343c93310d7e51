// desk.test.mjs - what an attendant does at the gate's own console, in a real browser.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DeskStage, pinOf, until } from "./desk_stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.DOXE_DESK_PICTURES;
let stage;
let page; // the attendant's, kept from story to story as at a booth

before(async () => {
  stage = await DeskStage.start(process.env.DOXE_GATE);
  page = await stage.page({ who: "an" });
});
after(async () => { await stage.stop(); });

async function shot(on, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await on.screenshot({ path: join(pictures, `${name}.png`) });
}

/** No serious finding, nothing wider than the screen, no target under 44 px. */
async function accessible(on, where) {
  await on.evaluate(axe);
  const { violations } = await on.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], where);
  const small = await on.evaluate(() => [...document.querySelectorAll("button, select, input:not([type=checkbox])")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([html]) => html));
  assert.deepEqual(small, [], `${where}: targets under 44 px`);
  assert.equal(await on.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true, `${where}: nothing is wider than the screen`);
}

async function behaved(on) {
  assert.deepEqual([...on.hosts], [new URL(stage.base).host], "a page asks no other host");
  assert.deepEqual(on.troubles, [], "no error, no violated policy, no dialog of the browser");
}

const lane = (number, state) => page.waitForSelector(`#lane[data-lane="${number}"][data-state="${state}"]`);
const said = (text) => page.locator("#said", { hasText: text }).waitFor();
const choose = (number) => page.click(`[data-lane="${number}"].lane-card`);
const act = (name) => page.click(`#lane [data-act="${name}"]`);
const send = () => page.click("dialog[open] button[type=submit]");

/** A car that came in, stands at the exit and has its quote. */
async function quoted(plate) {
  await stage.enter(plate);
  await stage.come(2, plate);
  await choose(2);
  await lane(2, "quoted");
}

async function gone() {
  await stage.pass(2);
  await lane(2, "idle");
}

test("login: wrong PIN, right PIN; who, role, lanes; by keyboard alone", async () => {
  const other = await stage.page();
  await other.waitForSelector("#door-name:focus");
  await other.keyboard.type("an");
  await other.keyboard.press("Tab");
  await other.keyboard.type("111222");
  await other.keyboard.press("Enter");
  await other.locator(".wrong", { hasText: "không đúng" }).waitFor();
  await accessible(other, "login");
  await other.keyboard.type(pinOf("an"));
  await other.keyboard.press("Enter");
  await other.waitForSelector(".lane-card");
  assert.match(await other.textContent("#top"), /Nguyễn Thị An · Nhân viên/);
  assert.equal(await other.locator(".lane-card").count(), 2);
  const cookies = await other.context().cookies();
  assert.equal(cookies[0].httpOnly && cookies[0].sameSite === "Strict", true);
  await until("both are recorded", () => stage.journal("desk_action").filter(({ code }) => code === "login").length >= 2);
  await behaved(other);
  await other.context().close();
});

test("shift: opened with a float counted by notes", async () => {
  await page.keyboard.press("s");
  await page.fill("[name=n50000]", "2");
  await page.fill("[name=n10000]", "5");
  assert.match(await page.textContent("#count-total"), /150\.000/);
  await send();
  await page.locator("#shift-now", { hasText: "150.000" }).waitFor();
  const [opened] = stage.journal("shift_opened");
  assert.equal(opened.counted_vnd, 150000);
  assert.equal(opened.by, "an");
});

test("live: a car comes in, stands at the exit: photos side by side, fee, QR; the bank's word turns it to paid", async () => {
  await page.evaluate(() => { window.mark = 1; });
  await quoted("30F-123.45");
  await page.locator("#lane .plate.big", { hasText: "30F-123.45" }).waitFor();
  assert.match(await page.textContent("#lane .facts-list"), /25\.000 đ/);
  assert.match(await page.textContent("#lane .code"), /DX7K3M9QWF/);
  await until("both photos", () => page.locator("#lane figure img").count().then((n) => n === 2));
  assert.equal(await page.evaluate(() => [...document.querySelectorAll("#lane img")].every((image) => image.complete && image.naturalWidth > 0)), true);
  const box = await page.locator("#lane figure").last().boundingBox();
  assert.ok(box.y + box.height < 768, "both photos are seen at once at 1024 x 768");
  await page.click("#lane figure:last-child .photo");
  await page.waitForSelector(".photo-large");
  await page.keyboard.press("Escape");
  await accessible(page, "quoted");
  await shot(page, "console-quoted");
  stage.pay(await stage.event("exit_asked"));
  await page.locator("#lane .permit", { hasText: "ĐÃ TRẢ" }).waitFor();
  await gone();
  assert.equal(await page.evaluate(() => window.mark), 1, "the page was not loaded again");
});

test("cash: what is due, what to give back, a receipt with a number, a page to print", async () => {
  await quoted("30F-222.22");
  await page.keyboard.press("k");
  await page.fill("[name=given]", "50000");
  assert.match(await page.textContent("#change"), /25\.000 đ/);
  await shot(page, "console-cash");
  await send();
  await page.waitForSelector('dialog[data-dialog="receipt"]');
  const receipt = await page.textContent(".sheet");
  assert.match(receipt, /G1-000001/);
  assert.match(receipt, /25\.000 đ/);
  assert.match(receipt, /Nguyễn Thị An/);
  const lines = await page.locator(".receipt-lines tbody tr").allInnerTexts();
  assert.equal(lines.length, 2);
  assert.match(lines[0], /1 giờ đầu\s+first hour\s+20\.000 đ/);
  assert.match(lines[1], /mỗi giờ sau\s+each hour after\s+5\.000 đ/);
  await accessible(page, "receipt");
  await shot(page, "console-receipt");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#top").isVisible(), false, "only the receipt is printed");
  assert.equal(await page.locator(".sheet").isVisible(), true);
  await page.emulateMedia({ media: "screen" });
  await page.keyboard.press("Escape");
  const [taken] = stage.journal("cash_taken");
  assert.deepEqual([taken.amount_vnd, taken.receipt, taken.by], [25000, "G1-000001", "an"]);
  assert.equal(stage.journal("exit_permitted").at(-1).permit, "cash");
  await gone();
});

test("correct a plate: suggestions by confusion among the vehicles inside", async () => {
  await stage.enter("30F-888.88");
  await stage.come(2, "30F-BB8.88");
  await choose(2);
  await until("a person is needed", () => page.locator('#lane [data-act="correct"]').count());
  await page.keyboard.press("c");
  await page.fill("[name=plate]", "30F-888.B8");
  await page.click('.suggest [data-plate="30F-888.88"]');
  await page.locator('dialog [name=vehicle] option:checked', { hasText: "ô tô" }).waitFor({ state: "attached" });
  await shot(page, "console-correct");
  await accessible(page, "correct");
  await send();
  await lane(2, "quoted");
  assert.equal(await page.textContent("#lane .plate.big"), "30F-888.88");
  await act("pay_for");
  await page.waitForSelector(".pay-qr");
  assert.match(await page.textContent("dialog[open]"), /không vào két/);
  await send();
  await until("it is recorded", () => stage.journal("desk_action").some(({ code, text }) => code === "pay_for_driver" && text.startsWith("25000")));
  await page.keyboard.press("Escape");
  stage.pay(await stage.event("exit_asked"));
  await gone();
});

test("find by a part of the plate; correct the stay, both names are kept; every look is recorded", async () => {
  await stage.enter("51G-444.44");
  await page.keyboard.press("f");
  await page.keyboard.type("44");
  await page.keyboard.press("Enter");
  await page.click('.stays [data-plate="51G-444.44"]');
  await page.waitForSelector('dialog[data-dialog="history"]');
  await page.click('[data-do="amend"]');
  await page.fill("[name=plate]", "51G-444.45");
  await page.selectOption("dialog[open] [name=vehicle]", "car");
  await page.fill("dialog[open] [name=text]", "đọc sai số cuối");
  await send();
  await said("Đã xong");
  const amended = stage.journal("amended").at(-1);
  assert.deepEqual([amended.subject.key, amended.by], ["51G44445", "an"]);
  await page.keyboard.press("f");
  await page.keyboard.type("44445");
  await page.keyboard.press("Enter");
  await page.click('.stays [data-plate="51G-444.45"]');
  await page.locator(".history", { hasText: "51G44444" }).waitFor();
  await accessible(page, "history");
  await page.keyboard.press("Escape");
  assert.ok(stage.journal("desk_action").filter(({ code }) => code === "lookup").length >= 3);
});

test("the whole lot: a vehicle of another gate is counted and found, also with the line cut; the list's age is told", async () => {
  const cars = () => page.textContent("#inside-now");
  const before = Number(/ô tô (\d+)/.exec(await cars())[1]);
  assert.match(await cars(), /chỉ theo cổng này/);
  const session = `01${"J".repeat(23)}Z`;
  stage.keepInside("Z", [{ session, kind: "plate", vehicle: "car", key: "60A11122", entered_ms: Date.now() - 7200e3, paid_vnd: 0, paid_ms: 0, paycode: "" }]);
  await page.locator("#inside-now", { hasText: `Trong bãi: ô tô ${before + 1}` }).waitFor();
  const find = async () => {
    await page.keyboard.press("f");
    await page.fill("[name=part]", "1112");
    await page.click('[data-do="find"]');
    await page.waitForSelector(`[data-session="${session}"]`);
    assert.match(await page.textContent(`[data-session="${session}"]`), /60A-111\.22.*vào qua cổng khác · trong bãi/s);
  };
  await find();
  assert.equal(await page.locator(".lot-age").count(), 0, "as of now");
  await accessible(page, "found in the lot");
  await page.keyboard.press("Escape");
  await stage.cut();
  await page.waitForSelector("#offline");
  await page.locator("#inside-now", { hasText: /như lúc \d\d:\d\d/ }).waitFor();
  await find();
  await page.locator(".lot-age", { hasText: /như lúc \d\d:\d\d/ }).waitFor();
  assert.match(await page.evaluate(() => getComputedStyle(document.querySelector("dialog"), "::before").content), /MẤT KẾT NỐI/, "seen above a dialog, too");
  await shot(page, "console-lot-offline");
  await page.click(`[data-session="${session}"]`);
  await page.waitForSelector('dialog[data-dialog="history"]');
  await page.keyboard.press("Escape");
  await stage.startBroker();
  await until("the line is back", async () => !(await page.locator("#offline").count()));
});

test("no entry record: the person is checked by a card at the scanner, only then is it priced", async () => {
  await stage.come(2, "29A-555.55");
  await choose(2);
  await page.locator("#lane .why", { hasText: "Không có lượt vào" }).waitFor();
  await page.keyboard.press("n");
  await page.selectOption("[name=check]", "card");
  await send();
  await page.locator("dialog output", { hasText: "Chưa kiểm tra người" }).waitFor();
  assert.equal(stage.journal("entry_declared").length, 0, "nothing is declared without a check");
  await page.getByRole("button", { name: "Bắt đầu quét thẻ" }).click();
  await page.locator("[data-card]", { hasText: "Đưa thẻ" }).waitFor();
  await stage.scanCard();
  await page.locator('[data-card="3456"]').waitFor();
  await shot(page, "console-declare");
  await accessible(page, "declare");
  await send();
  await lane(2, "quoted");
  const [declared] = stage.journal("entry_declared");
  assert.equal(declared.code, "card");
  assert.match(declared.text, /^id [0-9a-f]{32} \.\.\.3456/);
  assert.doesNotMatch(JSON.stringify(stage.journal("")), /NGUYEN VAN A|001090123456/, "nothing else of the card is kept");
  stage.pay(await stage.event("exit_asked"));
  await gone();
});

test("plateless: a slip with a code lets in; lost, its stay is found and the driver checked", async () => {
  await stage.come(1, "");
  await choose(1);
  await lane(1, "armed");
  await page.keyboard.press("t");
  await page.selectOption("dialog[open] [name=vehicle]", "bicycle");
  await send();
  await page.waitForSelector('dialog[data-dialog="slip"]');
  const code = (await page.textContent(".slip-text")).trim();
  assert.match(code, /^T-[0-9A-Z]{8}$/);
  await shot(page, "console-slip");
  await page.keyboard.press("Escape");
  await stage.pass(1);
  await until("it is inside", () => stage.journal("entered").length >= 5);
  await stage.come(2, "");
  await choose(2);
  await lane(2, "armed");
  await page.keyboard.press("l");
  await page.fill("dialog[open] [name=part]", code.slice(2, 6));
  await page.keyboard.press("Enter");
  await page.click(`.stays [data-plate="${code}"]`);
  await page.selectOption("[name=check]", "papers");
  await page.fill("dialog[open] [name=text]", "đăng ký xe số 1234");
  await send();
  await lane(2, "quoted");
  assert.ok(stage.journal("desk_action").some(({ code: word, text }) => word === "lost_ticket" && text.startsWith("papers: ")));
  stage.pay(await stage.event("exit_asked"));
  await gone();
});

test("open by hand: a reason is needed, the photo of the moment is kept from deletion", async () => {
  await stage.come(2, "29A-666.66");
  await choose(2);
  await lane(2, "held");
  await page.keyboard.press("o");
  await send();
  await page.locator("dialog output", { hasText: "Chọn lý do" }).waitFor();
  await page.selectOption("[name=reason]", "device");
  await page.fill("dialog[open] [name=text]", "cần trục kẹt");
  await accessible(page, "open");
  await send();
  const opened = await until("recorded", () => stage.journal("hand_opened").at(-1));
  assert.deepEqual([opened.by, opened.text], ["an", "device: cần trục kẹt"]);
  await until("the photo is kept", () => existsSync(join(stage.folder, "journal.db.pictures", "kept")) && readdirSync(join(stage.folder, "journal.db.pictures", "kept")).length === 1);
  await gone();
});

test("the line is cut: nobody overlooks it, and the desk works on", async () => {
  await stage.enter("30F-777.77");
  await stage.cut();
  await page.waitForSelector("#offline");
  assert.match(await page.textContent("#offline"), /MẤT KẾT NỐI VỚI THÀNH PHỐ từ \d\d:\d\d/);
  assert.match(await page.title(), /⚠/);
  await stage.come(2, "30F-777.77");
  await choose(2);
  await until("the lane waits", () => page.locator('#lane [data-act="debt"]').count());
  await page.locator("#offline", { hasText: /chờ gửi: [1-9]/ }).waitFor();
  await shot(page, "console-offline");
  await accessible(page, "offline");
  await page.keyboard.press("g");
  await page.fill("dialog[open] [name=text]", "quen, trả sau");
  await send();
  await until("the debt is recorded", () => stage.journal("exit_permitted").some(({ permit, by }) => permit === "debt" && by === "an"));
  await gone();
  await stage.startBroker();
  await until("the line is back", async () => !(await page.locator("#offline").count()));
  await stage.event("exit_permitted", ({ permit }) => permit === "debt");
});

test("the gate is killed while a form is being filled: the page comes back, what was typed is there", async () => {
  await quoted("30F-333.33");
  await page.keyboard.press("o");
  await page.selectOption("[name=reason]", "other");
  await page.fill("dialog[open] [name=text]", "đang gõ dở");
  await stage.killGate();
  await page.locator("#alerts", { hasText: "MÀN HÌNH MẤT KẾT NỐI" }).waitFor();
  await stage.startGate();
  await until("connected again", async () => !(await page.locator(".alert-lost").count()));
  assert.equal(await page.inputValue("dialog[open] [name=text]"), "đang gõ dở");
  await page.keyboard.press("Escape");
  await lane(2, "quoted");
  await page.keyboard.press("k");
  await send();
  await page.waitForSelector('dialog[data-dialog="receipt"]');
  assert.match(await page.textContent(".sheet"), /G1-000002/, "numbers go on without a gap");
  await page.keyboard.press("Escape");
  await gone();
});

test("lock: the PIN is asked for, what was being done is kept, nothing can be asked meanwhile", async () => {
  await page.keyboard.press("f");
  await page.keyboard.type("123");
  await page.evaluate(() => document.querySelector("dialog[open]").dataset.mark = "same");
  await page.evaluate(async () => {
    const { token } = await (await fetch("/api/hello")).json();
    await fetch("/api/lock", { method: "POST", headers: { "X-Doxe-Token": token }, body: "{}" });
  });
  await stage.come(1, ""); // news of the gate finds the lock
  await page.waitForSelector("#door[data-locked=true]");
  assert.equal(await page.locator("#lane").isVisible(), false);
  assert.equal(await page.evaluate(async () => (await fetch("/api/state")).status), 423);
  await accessible(page, "locked");
  await page.fill("#door-secret", pinOf("an"));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#door", { state: "detached" });
  assert.equal(await page.inputValue('dialog[data-mark="same"] [name=part]'), "123");
  await page.keyboard.press("Escape");
  await stage.leave(1);
});

test("lock: nobody touches the screen for as long as is configured, and it locks by itself", async () => {
  const other = await stage.page({ who: "chi", clock: true });
  await other.keyboard.press("f");
  await other.keyboard.type("45");
  await other.clock.fastForward("11:00");
  await other.waitForSelector("#door[data-locked=true]");
  assert.equal(await other.inputValue("dialog[data-dialog=find] [name=part]"), "45");
  await until("it is recorded", () => stage.journal("desk_action").some(({ code, by }) => code === "lock" && by === "chi"));
  await other.context().close();
});

test("shift: handed over to another with their PIN; counted blind, the difference shown as a row", async () => {
  await page.keyboard.press("s");
  assert.doesNotMatch(await page.textContent("dialog[open]"), /Phải có\s*[\d]/, "what it should be is not shown before the count");
  const known = await page.evaluate(async () => (await fetch("/api/state")).text() + await (await fetch("/api/shifts")).text());
  assert.doesNotMatch(known, /expected_vnd|cash_vnd/, "and the page does not get it either");
  await page.fill("[name=n50000]", "3");
  await page.fill("[name=n20000]", "2");
  await page.fill("dialog[open] [name=name]", "chi");
  await page.fill("dialog[open] [name=secret]", pinOf("chi"));
  await send();
  await page.waitForSelector('dialog[data-dialog="shift-done"]');
  const report = await page.textContent(".sheet");
  assert.match(report, /Phải có200\.000 đ/);
  assert.match(report, /Đã đếm190\.000 đ/);
  assert.match(report, /Chênh lệch−10\.000 đ/);
  assert.match(report, /Trả giúp.*25\.000 đ/);
  await shot(page, "console-shift");
  await accessible(page, "shift");
  await page.keyboard.press("Escape");
  const closed = stage.journal("shift_closed").at(-1);
  const opened = stage.journal("shift_opened").at(-1);
  assert.deepEqual([closed.by, closed.counted_vnd, closed.amount_vnd], ["an", 190000, 200000]);
  assert.deepEqual([opened.by, opened.cause, opened.counted_vnd], ["chi", closed.shift, 190000]);
});

test("supervisor, English: occupancy with a reason, an alarm seen, the record of what was done", async () => {
  const boss = await stage.page({ who: "binh", lang: "en" });
  await boss.keyboard.press("u");
  await boss.fill("dialog[open] [name=to]", "7");
  await boss.fill("dialog[open] [name=text]", "counted on foot");
  await boss.click("dialog[open] button[type=submit]");
  await boss.locator("#inside-now", { hasText: "car 7" }).waitFor();
  const corrected = stage.journal("occupancy_corrected").at(-1);
  assert.deepEqual([corrected.vehicle, corrected.count_to, corrected.by], ["car", 7, "binh"]);
  stage.unplug();
  await boss.locator(".has-badge[data-act=alarms]").waitFor();
  await boss.keyboard.press("m");
  await boss.locator('[data-code="io.unreachable"] button').first().click();
  await boss.locator('[data-code="io.unreachable"]', { hasText: "Seen by binh" }).first().waitFor();
  await shot(boss, "console-alarms");
  await accessible(boss, "alarms");
  await boss.keyboard.press("Escape");
  await stage.plugIn();
  await boss.keyboard.press("r");
  await boss.locator("dialog table", { hasText: "occupancy_corrected" }).waitFor();
  await accessible(boss, "deeds");
  await behaved(boss);
  await boss.context().close();
});

test("supervisor: a lane held open and closed, turned, a fire ended, a vehicle let in that is inside already", async () => {
  const boss = await stage.page({ who: "binh" });
  const now = (state) => boss.waitForSelector(`#lane[data-lane="1"][data-state="${state}"]`);
  const order = async (key) => { await boss.keyboard.press(key); await boss.click("dialog[open] button[type=submit]"); await boss.waitForSelector("dialog[open]", { state: "detached" }); };
  const mode = (word) => until(word, () => JSON.stringify(stage.journal("lane_mode").at(-1) ?? {}).includes(`"${word}"`) && stage.journal("lane_mode").at(-1).by === "binh");
  await boss.click('[data-lane="1"].lane-card');
  await now("idle");
  await order("h");
  await now("raised");
  await mode("held_open");
  await boss.locator('[data-lane="1"] .mode', { hasText: "GIỮ MỞ" }).waitFor();
  await shot(boss, "console-held-open");
  await accessible(boss, "held open");
  await order("z");
  await now("idle");
  await order("j");
  await mode("held_closed");
  await stage.come(1, "30F-909.09");
  await now("barred");
  await order("z");
  await stage.pass(1);
  await now("idle");
  await stage.enter("29B-111.11"); // the plate that has just passed would be its echo
  await stage.come(1, "30F-909.09");
  await boss.locator("#lane .why", { hasText: "đang ở trong bãi" }).waitFor();
  await order("b");
  await stage.pass(1);
  await now("idle");
  await order("y");
  await boss.locator('[data-lane="1"].lane-card', { hasText: "←" }).waitFor();
  await order("y");
  await boss.locator('[data-lane="1"].lane-card', { hasText: "→" }).waitFor();
  stage.input(1, 5, true);
  await boss.locator('[data-lane="2"] .mode', { hasText: "KHẨN CẤP" }).waitFor(); // one input raises every lane
  await until("both arms are up", () => stage.module.bits[2] && stage.module.bits[10]);
  await shot(boss, "console-fire");
  stage.input(1, 5, false);
  await until("the input is clear", () => boss.evaluate(async () => (await (await fetch("/api/state")).json()).lanes[0].inputs.some(({ role, level }) => role === "fire" && level === "off")));
  for (const number of [1, 2]) {
    await boss.click(`[data-lane="${number}"].lane-card`);
    await boss.waitForSelector('#lane [data-act="automatic"]');
    await order("z");
    await boss.waitForSelector(`#lane[data-lane="${number}"][data-state="idle"]`);
  }
  await behaved(boss);
  await boss.context().close();
});

test("technician: no plates; inputs live, a lamp pulsed; the arm moves only confirmed and with nothing under it", async () => {
  const tech = await stage.page({ who: "kt" });
  await tech.keyboard.press("d");
  await until("the devices answer", () => tech.locator('.device[data-lane="1"] [data-do="move"]').count());
  assert.equal(await tech.locator(".plate").count(), 0);
  await stage.input(1, 1, true);
  await tech.locator('.device[data-lane="1"] [data-role="safety_loop"].on').waitFor();
  await tech.locator('.device[data-lane="1"]', { hasText: "không thử được" }).waitFor();
  await stage.input(1, 1, false);
  stage.module.written.length = 0;
  await tech.locator('.device[data-lane="1"]').getByRole("button", { name: "Đèn làn" }).click();
  await until("the lamp is pulsed", () => stage.module.written.some(([coil, on]) => coil === 2 && on));
  assert.ok(stage.journal("desk_action").some(({ code, text }) => code === "device_test" && text === "pulse light"));
  await until("free again", () => tech.locator('.device[data-lane="1"] [data-do="move"]').count());
  await shot(tech, "console-devices");
  await accessible(tech, "devices");
  const unit = tech.locator('tr[data-device="io unit 1"]');
  await unit.locator("td", { hasText: "tốt" }).waitFor();
  const lost = tech.locator('[data-fault="bus.lost"]').first(); // the cable was pulled an hour ago
  assert.match(await lost.innerText(), /Mất đường dây tới thiết bị.*\d\d:\d\d.*\d\d:\d\d/s);
  const line = tech.locator('tr[data-device="io"]');
  assert.deepEqual((await line.locator("td").allInnerTexts()).slice(0, 3), ["tốt", "1", "1"], "raised once, cleared once");
  stage.unplug();
  await tech.locator('tr[data-device="io"].ill', { hasText: "Mất đường dây" }).waitFor();
  await stage.plugIn();
  await until("well again, and counted", async () => (await line.locator("td").allInnerTexts()).slice(0, 3).join() === "tốt,2,2");
  await tech.click('.device[data-lane="1"] [data-do="move"]');
  await tech.click("dialog[open] button[type=submit]");
  await tech.locator("dialog output", { hasText: "xác nhận" }).waitFor();
  await tech.check("#move-sure");
  await tech.click("dialog[open] button[type=submit]");
  await until("the arm is up", () => stage.module.bits[2]);
  assert.match(stage.journal("hand_opened").at(-1).text, /^device_test/);
  await behaved(tech);
  await tech.context().close();
});

test("phone, dark, English: the lanes fit and can be worked", async () => {
  const phone = await stage.page({ who: "an", lang: "en", phone: true, dark: true });
  await phone.tap('.lane-card[data-lane="2"]');
  await accessible(phone, "phone");
  await shot(phone, "console-phone");
  await phone.tap('#lane [data-act="open"]');
  await phone.waitForSelector('dialog[data-dialog="open"]');
  await accessible(phone, "phone, dialog");
  await phone.getByRole("button", { name: "Close", exact: true }).tap();
  await phone.context().close();
});

test("the disk is full: nobody overlooks it, logged in or not; nothing is lost", async () => {
  const other = await stage.page();
  stage.fillDisk();
  await stage.come(1, "").catch(() => {});
  await stage.leave(1);
  await page.keyboard.press("f"); // a look-up is recorded: it cannot be
  await page.fill("[name=part]", "1112");
  await page.click('[data-do="find"]');
  await page.keyboard.press("Escape");
  await page.locator("#journal-failed", { hasText: /KHÔNG GHI ĐƯỢC NHẬT KÝ.*từ \d\d:\d\d.*việc chưa ghi: [1-9]/s }).waitFor();
  await page.locator('.lane-card[data-lane="1"]', { hasText: "KHÔNG GHI ĐƯỢC" }).waitFor();
  assert.match(await page.title(), /⛔/);
  await accessible(page, "disk full");
  await shot(page, "console-disk-full");
  await other.reload();
  await other.waitForSelector("#door");
  assert.match(await other.evaluate(() => getComputedStyle(document.querySelector("#door"), "::before").content), /KHÔNG GHI ĐƯỢC/);
  await other.fill("#door-name", "an");
  await other.fill("#door-secret", pinOf("an"));
  await other.keyboard.press("Enter");
  await other.locator(".wrong", { hasText: "Đĩa không ghi được" }).waitFor();
  await other.context().close();
  stage.emptyDisk();
  await until("it is written again", async () => !(await page.locator("#journal-failed").count()), 45000);
  await until("raised and cleared", () => stage.journal("alarm").filter(({ code }) => code === "journal.failed").length >= 2);
  const seqs = stage.journal("%").map(({ seq }) => seq);
  assert.equal(seqs.length, seqs.at(-1) - seqs[0] + 1, "no gap");
});

test("the journal was damaged: a word about it stands there until a person has seen it", async () => {
  await stage.killGate();
  stage.damageJournal();
  await stage.startGate();
  const alert = page.locator('.alert-trouble[data-code="journal.damaged"]');
  await alert.waitFor();
  await accessible(page, "journal damaged");
  await shot(page, "console-journal-damaged");
  await page.keyboard.press("m");
  await page.locator('[data-code="journal.damaged"] button').click();
  await page.locator('.over[data-code="journal.damaged"]', { hasText: "Đã xem: an" }).waitFor();
  await page.keyboard.press("Escape");
  await until("it has gone", async () => !(await alert.count()));
  assert.deepEqual(stage.journal("alarm").filter(({ code }) => code === "journal.damaged").map(({ raised }) => raised), [true, false]);
});

test("the kept page asked no other host, saw no error, opened no dialog of the browser", () => behaved(page));
