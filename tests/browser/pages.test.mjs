// pages.test.mjs - what a driver, an operator and the city see in a real browser.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Stage } from "./stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const operator = { user: "dieu-hanh" };
const city = { user: "so-xay-dung" };
let stage;

before(async () => { stage = await Stage.start(process.env.DOXE_WEB_STAGE); });
after(async () => { await stage.stop(); });

const driver = (name) => `/s/${stage.stays[name]}`;

/** Everything a page must never do, asked at the end of each test. */
async function behaved(page) {
  assert.deepEqual([...page.hosts], [new URL(stage.base).host], "a page asks no other host");
  assert.deepEqual(page.troubles, [], "no error, no violated policy, no dialog");
  await page.context().close();
}

const fits = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

test("driver: fee and QR; the bank's word turns the page to paid without a reload", async () => {
  const page = await stage.open(driver("due"), { phone: true });
  assert.match(await page.textContent("main"), /Chưa thanh toán/);
  assert.match(await page.textContent("#amount-due"), /^85\.000 đ$/);
  await page.waitForSelector(".live.on");
  await page.evaluate(() => { window.mark = 1; });
  await stage.do("pay due");
  await page.waitForSelector(".state.paid");
  assert.match(await page.textContent("#receipt"), /85\.000 đ/);
  assert.equal(await page.locator(".qr").count(), 0);
  assert.equal(await page.evaluate(() => window.mark), 1, "the page was not loaded again");
  await stage.do("ask due");
  await stage.do("leave due");
  await page.getByText("Đã ra khỏi bãi").waitFor();
  await behaved(page);
});

test("driver: half a payment leaves the rest, live", async () => {
  await stage.do("enter half 30F-777.88");
  const token = (await stage.do("ask half")).trim();
  const page = await stage.open(`/s/${token}`, { phone: true });
  await page.waitForSelector(".live.on");
  await stage.do("pay-part half 10000");
  await page.locator("#amount-due", { hasText: "15.000 đ" }).waitFor();
  assert.match(await page.textContent("#receipt"), /10\.000 đ/);
  await behaved(page);
});

test("driver: without JavaScript the fee and the QR are there", async () => {
  const page = await stage.open(driver("other"), { script: false, phone: true, lang: "en-GB" });
  const text = await page.textContent("main");
  assert.match(text, /Not paid yet/);
  assert.match(text, /5,000 VND/);
  assert.equal(await page.locator(".qr svg path").count() > 0, true);
  assert.equal(await page.locator("button.copy:visible").count(), 0);
  await page.context().close();
});

test("driver: the QR on the screen is read by a scanner and says what the page says", async (t) => {
  if (spawnSync("zbarimg", ["--version"]).error) return t.skip("zbarimg is missing");
  const page = await stage.open(driver("other"), { phone: true });
  const picture = await page.locator(".qr").screenshot();
  const read = (input) => execFileSync("zbarimg", ["-q", "--raw", "-"], { input }).toString();
  const payload = read(picture);
  const code = (await page.locator(".row-copy dd").nth(2).textContent()).trim();
  assert.match(payload, /^000201/);
  assert.ok(payload.includes(code), `${code} is in ${payload}`);
  assert.match(payload, /54045000/);
  const saved = await page.request.get(`${stage.base}${driver("other")}/qr.png`);
  assert.equal(read(await saved.body()), payload, "the picture to save is the same code");
  await behaved(page);
});

test("driver: amount, content and account can be copied", async () => {
  const page = await stage.open(driver("other"), { phone: true });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const buttons = page.locator("button.copy");
  assert.equal(await buttons.count(), 3);
  for (const [at, expected] of [[0, /^5000$/], [1, /^DX[0-9A-Z]{8}$/], [2, /^0123456789$/]]) {
    await buttons.nth(at).click();
    await page.locator("button.copy.done").first().waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), expected);
  }
  await behaved(page);
});

test("driver: a plate made of markup is shown and does nothing", async () => {
  const page = await stage.open(driver("evil"), { phone: true });
  assert.match(await page.textContent(".plate"), /<script>alert\(1\)<\/script>/);
  await behaved(page);
});

test("driver: an unknown address is answered kindly, in the visitor's language", async () => {
  const page = await stage.open("/s/00000000000000000000000000000000", { phone: true, lang: "en-GB" });
  assert.equal(page.status, 404);
  assert.match(await page.textContent("main"), /No such stay/);
  await page.context().close();
});

test("driver: the receipt can be printed, checked by anybody, and an invoice asked for", async () => {
  await stage.do("enter paper 30F-555.66");
  const token = (await stage.do("ask paper")).trim();
  await stage.do("pay-part paper 10000");
  const page = await stage.open(`/s/${token}`, { phone: true });
  await page.getByText("Xem, in biên nhận").click();
  await page.waitForURL(/receipt$/);
  assert.match(await page.textContent("#receipt"), /10\.000 đ/);
  assert.ok(await fits(page), "the receipt fits a phone");
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
  assert.deepEqual(found.violations.map((v) => v.id), []);
  assert.equal(await page.locator("#print").isVisible(), true);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#invoice").isVisible(), false, "a printed sheet has no form");
  await page.emulateMedia({ media: "screen" });
  await page.fill("#buyer-name", "Công ty B");
  await page.fill("#buyer-tax_code", "01");
  await page.getByRole("button", { name: "Yêu cầu xuất hóa đơn" }).click();
  await page.getByText("Mã số thuế gồm 10").waitFor();
  assert.equal(await page.inputValue("#buyer-name"), "Công ty B", "what was typed is kept");
  await page.fill("#buyer-tax_code", "0100000001");
  await page.fill("#buyer-address", "2 Trần Quang Khải");
  await page.getByRole("button", { name: "Yêu cầu xuất hóa đơn" }).click();
  await page.getByText("đang chờ số hóa đơn").waitFor();
  const code = (await page.textContent("#check-code")).trim();
  await page.goto(`${stage.base}/verify?lang=en`);
  await page.fill("#code", code.toLowerCase());
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("This receipt is genuine").waitFor();
  assert.doesNotMatch(await page.textContent("main"), /30F-555\.66/);
  page.troubles = page.troubles.filter((text) => !/status of 400/.test(text));
  await behaved(page);
});

test("everybody: the language switch is remembered", async () => {
  const page = await stage.open("/", { phone: true });
  const choose = async (name) => {
    await page.click(".languages summary");
    await page.getByRole("link", { name }).click();
    await page.waitForLoadState();
  };
  await choose("English");
  assert.match(await page.textContent("h1"), /Cashless parking/);
  await page.goto(stage.base + driver("other"));
  assert.match(await page.textContent("main"), /Not paid yet/);
  await choose("한국어");
  assert.match(await page.textContent("main"), /아직 결제하지 않음/);
  assert.equal(await page.getAttribute("html", "lang"), "ko");
  await choose("Tiếng Việt");
  assert.match(await page.textContent("main"), /Chưa thanh toán/);
  assert.equal(new URL(page.url()).pathname, driver("other"));
  await behaved(page);
});

test("operator: a held lane appears; what is being typed survives news; the command is sent", async () => {
  const page = await stage.open("/operator", operator);
  await page.waitForSelector(".live.on");
  await page.evaluate(() => { window.mark = 1; });
  await stage.do("hold");
  const lane = page.locator('[data-key="hn-0001-g1-2"]');
  await lane.locator(".why").waitFor();
  assert.match(await lane.textContent(), /không đọc được biển số/);
  const plate = lane.locator('input[name="plate"]');
  await plate.fill("30F-12");
  await plate.focus();
  await stage.do("enter news 30F-246.80");
  await page.locator(".events", { hasText: "30F-246.80" }).waitFor();
  assert.equal(await plate.inputValue(), "30F-12");
  assert.equal(await plate.evaluate((node) => node === document.activeElement), true);
  await plate.fill("khong phai");
  await lane.locator("button.main").click();
  await lane.locator("output.bad").waitFor();
  assert.match(await lane.locator("output.bad").textContent(), /Không phải biển số/);
  page.troubles.length = 0; // the refusal itself is noted by the browser as a failed request
  await plate.fill("30F-123.45");
  await lane.locator("button.main").click();
  await lane.locator("output.good").waitFor();
  assert.match(await lane.locator("output.good").textContent(), /Đã gửi lệnh/);
  assert.equal(await page.evaluate(() => window.mark), 1);
  await stage.do("release");
  await lane.locator(".why").waitFor({ state: "detached" });
  await behaved(page);
});

test("operator: opening by hand needs a reason, and the form stays open while news come in", async () => {
  const page = await stage.open("/operator", operator);
  await page.waitForSelector(".live.on");
  const lane = page.locator('[data-key="hn-0001-g1-1"]');
  await lane.locator("summary").click();
  await stage.do("enter news2 30F-246.81");
  await page.locator(".events", { hasText: "30F-246.81" }).waitFor();
  const reason = lane.locator('input[name="reason"]');
  assert.equal(await reason.isVisible(), true);
  await lane.locator("button.danger").click();
  assert.equal(await reason.evaluate((node) => node.validity.valueMissing), true);
  await reason.fill("xe cứu thương");
  await lane.locator("button.danger").click();
  await lane.locator("output.good").waitFor();
  await behaved(page);
});

test("operator: a debtor at the exit, an alarm and a gate cut off show live", async () => {
  const page = await stage.open("/operator", { ...operator, lang: "en-GB" });
  await page.waitForSelector(".live.on");
  await stage.do("ask other");
  const lane = page.locator('[data-key="hn-0001-g1-2"]');
  await lane.locator(".strong", { hasText: "5,000 VND" }).waitFor();
  await stage.do("pay other");
  await stage.do("leave other");
  await stage.do("offline");
  const gate = page.locator('[data-key="gate-hn-0001-g2"]');
  await gate.locator(".link.off").waitFor();
  assert.match(await gate.textContent(), /OFFLINE/);
  assert.equal(await gate.evaluate((node) => getComputedStyle(node).borderTopWidth), "3px");
  assert.equal(await gate.locator("form").count(), 0, "no command can be sent to it");
  await stage.do("online");
  await gate.locator(".link.on").waitFor();
  await stage.do("alarm");
  await page.locator(".alarms", { hasText: "The barrier is stuck" }).waitFor();
  await behaved(page);
});

test("city: figures follow a turn that ends, and agree with the second count", async () => {
  const page = await stage.open("/city", city);
  await page.waitForSelector(".live.on");
  await page.locator("#hours canvas").waitFor();
  const turns = async () => Number((await page.locator("#by-class .total td").nth(1).textContent()).replace(/\D/g, ""));
  const earlier = await turns();
  await stage.do("enter last 30F-555.66");
  await stage.do("ask last");
  await stage.do("pay last");
  await stage.do("leave last");
  await page.waitForFunction((before) =>
    Number(document.querySelectorAll("#by-class .total td")[1].textContent.replace(/\D/g, "")) > before, earlier);
  assert.equal(await turns(), earlier + 1);
  assert.equal(await page.locator("#reconciliation.agrees").count(), 1);
  assert.doesNotMatch(await page.textContent("main"), /30F|29-[FG]|DX[0-9A-Z]{8}/);
  await behaved(page);
});

for (const lang of ["vi-VN", "en-GB"]) {
  test(`everybody: pages fit a phone and a desk, and can be used by all (${lang})`, async () => {
    for (const [path, who] of [["/", {}], [driver("evil"), {}], ["/operator", operator], ["/city", city]]) {
      for (const phone of [true, false]) {
        const page = await stage.open(path, { ...who, lang, phone });
        assert.equal(await fits(page), true, `${path} is too wide`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
        const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
        assert.deepEqual(told, [], `${path} ${lang}`);
        await behaved(page);
      }
    }
  });
}

test("everybody: a page is below 300 KB on its way", async () => {
  for (const [path, who] of [["/", {}], [driver("evil"), {}], ["/operator", operator], ["/city", city]]) {
    const page = await stage.open(null, who);
    const network = await page.context().newCDPSession(page);
    let bytes = 0;
    await network.send("Network.enable");
    network.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
    await page.goto(stage.base + path);
    if (path !== "/") await page.waitForSelector(".live.on");
    assert.ok(bytes > 1000 && bytes < 300 * 1024, `${path}: ${bytes} bytes`);
    console.log(`# ${path.slice(0, 9)}: ${bytes} bytes`);
    await behaved(page);
  }
});

test("everybody: a page says when the server is gone", async () => {
  const page = await stage.open(driver("evil"), { phone: true, lang: "en-GB" });
  await page.waitForSelector(".live.on");
  assert.equal(await stage.stopServer(), 0, "the server stops cleanly with a stream open");
  await page.waitForSelector(".live.off");
  assert.match(await page.textContent("#live-state"), /Reconnecting/);
  assert.match(await page.textContent("main"), /25,000 VND/, "what was known stays on the screen");
  await page.context().close();
});
