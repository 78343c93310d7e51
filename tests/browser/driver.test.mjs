// driver.test.mjs - each story of a driver in a real browser, on a phone and at a desk, in both
// main languages; the other four are looked at as well.  Pictures of all lie in ./pictures.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Stage } from "./stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.DOXE_PICTURES ?? "pictures";
const ways = [
  { lang: "vi-VN", phone: true }, { lang: "en-GB", phone: true },
  { lang: "vi-VN", phone: false }, { lang: "en-GB", phone: false },
];
const words = {
  vi: { due: /Chưa thanh toán/, paid: /Đã thanh toán/, none: /Không có lượt gửi nào khớp/, law: /44\/2017/,
    bad: "Không hài lòng", told: /đang chờ xem xét/, money: "85.000 đ", next: "120.000 đ", sent: /Đã nhận tài khoản/ },
  en: { due: /Not paid yet/, paid: /Paid/, none: /No stay fits/, law: /44\/2017/,
    bad: "Bad", told: /waits to be looked at/, money: "85,000 VND", next: "120,000 VND", sent: /We have your account/ },
};
let stage;
let number = 0;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  stage = await Stage.start(process.env.DOXE_WEB_STAGE);
});
after(async () => { await stage.stop(); });

const nameOf = ({ lang, phone }) => `${lang.slice(0, 2)}-${phone ? "phone" : "desk"}`;

/** Nobody finds it hard to use, nothing is wider than the screen, and it is worth looking at. */
async function looked(page, name) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true, `${name} is too wide`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], name);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

async function behaved(page) {
  assert.deepEqual([...page.hosts], [new URL(stage.base).host], "a page asks no other host");
  assert.deepEqual(page.troubles.filter((text) => !/status of 404/.test(text)), [], "no error, no violated policy, no dialog");
  await page.context().close();
}

/** A new car that came in 2 h 15 min ago; its token. */
async function park() {
  number += 1;
  const plate = `30K-${String(100 + number)}.${String(10 + number)}`;
  const token = (await stage.do(`came stay${number} ${plate}`)).trim();
  return { name: `stay${number}`, plate, token, path: `/s/${token}` };
}

for (const way of ways) {
  const say = words[way.lang.slice(0, 2)];

  test(`pays (${nameOf(way)}): fee, next price counting down, QR; the bank's word turns it to paid`, async () => {
    const stay = await park();
    const page = await stage.open(stay.path, way);
    await page.waitForSelector(".live.on");
    assert.match(await page.textContent(".state"), say.due);
    assert.equal(await page.textContent("#amount-due"), say.money);
    assert.equal(await page.textContent(".holds b"), say.next);
    const left = await page.textContent(".countdown");
    assert.match(left, /^\d\d:\d\d$/);
    await page.waitForFunction((before) => document.querySelector(".countdown").textContent !== before, left);
    await looked(page, `due-${nameOf(way)}`);
    await page.click("#prices summary");
    assert.match(await page.textContent("#prices"), say.law);
    await looked(page, `prices-${nameOf(way)}`);
    const begun = Date.now();
    await stage.do(`pay ${stay.name}`);
    const told = Date.now();
    await page.waitForSelector(".state.paid");
    console.log(`# paid on the screen ${Date.now() - told} ms after the commit, ${Date.now() - begun} ms after the notice`);
    assert.match(await page.textContent(".state"), say.paid);
    await looked(page, `paid-${nameOf(way)}`);
    await page.click("#receipt a.save");
    await page.waitForSelector("#check-code");
    await looked(page, `receipt-${nameOf(way)}`);
    await behaved(page);
  });

  test(`finds (${nameOf(way)}): by plate and time; what does not fit says no more than that`, async () => {
    const stay = await park();
    const page = await stage.open("/l/hn-0001", way);
    await looked(page, `lot-${nameOf(way)}`);
    await page.fill("#plate", stay.plate);
    await page.fill("#entered", "03:00");
    await page.click("button.main");
    assert.match(await page.textContent("[role=alert]"), say.none);
    await looked(page, `lot-none-${nameOf(way)}`);
    await page.fill("#entered", "12:20");
    await page.click("button.main");
    await page.waitForURL(new RegExp(`${stay.token}$`));
    await behaved(page);
  });

  test(`says (${nameOf(way)}): asked for more; not content, then content; money back to an own account`, async () => {
    const stay = await park();
    const page = await stage.open(stay.path, way);
    await page.click("#complain summary");
    await page.fill("#asked", "150.000");
    await page.fill("#story", "50.000 + 100.000");
    await looked(page, `complain-${nameOf(way)}`);
    await page.click("#complain button");
    await page.waitForSelector("#complaint");
    assert.match(await page.textContent("#complaint"), say.told);
    await page.getByRole("button", { name: say.bad }).click();
    await page.waitForSelector(".face-1.chosen");
    await page.click(".face-5");
    await page.waitForSelector(".face-5.chosen");
    assert.equal(await page.locator(".face.chosen").count(), 1, "one vote");
    await looked(page, `told-${nameOf(way)}`);
    await stage.do(`pay ${stay.name}`);
    await stage.do(`ask ${stay.name}`);
    await stage.do(`leave ${stay.name}`);
    await page.goto(stage.base + stay.path);
    await page.locator("details", { has: page.locator("#back-reason") }).locator("summary").click();
    await page.fill("#back-reason", "50.000");
    await page.locator("form[action$='/refund'] button").click();
    await page.locator(".back a").click();
    await page.selectOption("[name=bank]", "970436");
    await page.fill("[name=account]", "0123456789");
    await page.fill("[name=holder]", "Nguyễn Văn Mẫu");
    await looked(page, `refund-${nameOf(way)}`);
    await page.click("button.main");
    assert.match(await page.textContent("[role=status]:not(#live-state)"), say.sent);
    await behaved(page);
  });
}

test("a lane's own QR brings its code; it leads to who stands there and to nobody else", async () => {
  const sheet = await stage.open("/operator/lots/hn-0001/sheet", { user: "dieu-hanh" });
  await sheet.waitForSelector(".poster-code .code");
  const code = (await sheet.locator(".poster-code .code").first().textContent()).trim();
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{6}$/);
  await looked(sheet, "sheet");
  const stay = await park();
  const page = await stage.open(`/l/hn-0001?code=${code}`, { phone: true });
  assert.equal(await page.inputValue("#code"), code);
  await page.fill("#plate", stay.plate);
  await page.click("button.main");
  await page.waitForSelector("[role=alert]");
  await stage.do(`ask ${stay.name}`);
  await page.click("button.main");
  await page.waitForURL(new RegExp(`${stay.token}$`));
  await behaved(page);
  await behaved(sheet);
});

test("without JavaScript: fee, QR, prices, vote and complaint all work", async () => {
  const stay = await park();
  const page = await stage.open(stay.path, { phone: true, script: false });
  assert.equal(await page.textContent("#amount-due"), "85.000 đ");
  assert.ok(await page.locator(".qr svg path").count() > 0);
  assert.equal(await page.locator("button.copy:visible").count(), 0);
  await page.click("#prices summary");
  assert.ok(await page.getByText("Quyết định 44/2017").first().isVisible());
  await page.click(".face-3");
  await page.waitForSelector(".face-3.chosen");
  await page.click("#complain summary");
  await page.fill("#asked", "không rõ");
  await page.click("#complain button");
  await page.waitForSelector("#complain [role=alert]");
  await page.fill("#asked", "99000");
  await page.click("#complain button");
  await page.waitForSelector("#complaint");
  await page.click(".languages summary");
  await page.click('.languages a[hreflang="fr"]');
  assert.match(await page.textContent(".state"), /Pas encore payé/);
  await page.screenshot({ path: `${pictures}/no-script.png`, fullPage: true });
  assert.deepEqual([...page.hosts], [new URL(stage.base).host]);
  await page.context().close();
});

test("the first paint needs no API: with part and stream cut, everything is on the page", async () => {
  const stay = await park();
  const page = await stage.open(null, { phone: true });
  await page.route(/\/(part|events)$|\/api\//, (route) => route.abort());
  await page.goto(stage.base + stay.path);
  assert.equal(await page.textContent("#amount-due"), "85.000 đ");
  assert.ok(await page.locator(".qr svg path").count() > 0);
  await page.context().close();
});

test("banks' apps: account, amount and content are in each link; nothing is asked before a tap", async () => {
  const stay = await park();
  const page = await stage.open(stay.path, { phone: true });
  const code = await page.locator(".row-copy dd").nth(2).textContent();
  const links = await page.locator(".apps a").evaluateAll((nodes) => nodes.map((node) => [node.href, node.rel]));
  assert.equal(links.length, 5);
  for (const [href, rel] of links) {
    const url = new URL(href);
    assert.equal(url.protocol, "https:");
    assert.equal(url.searchParams.get("ba"), "0123456789@vcb");
    assert.equal(url.searchParams.get("am"), "85000");
    assert.equal(url.searchParams.get("tn"), code.trim());
    assert.match(rel, /noreferrer/);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".pay a.save")]);
  assert.match(download.suggestedFilename(), /^doxe-DX[0-9A-Z]{8}\.png$/);
  await behaved(page);
});

test("six languages: each says so, fits a small phone, and is remembered", async () => {
  const stay = await park();
  for (const [lang, text] of [["vi", /Chưa thanh toán/], ["en", /Not paid yet/], ["ko", /아직 결제하지 않음/],
    ["ja", /未払い/], ["zh", /尚未支付/], ["fr", /Pas encore payé/]]) {
    const page = await stage.open(null, { phone: true, lang: "de-DE" });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${stage.base}/?lang=${lang}`);
    for (const path of [stay.path, "/l/hn-0001", "/passes", "/verify"]) {
      await page.goto(stage.base + path);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      assert.equal(await page.locator(".languages li").count(), 6);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true, `${path} ${lang}`);
      if (path === stay.path) {
        assert.match(await page.textContent(".state"), text);
        if (!["vi", "en"].includes(lang)) await looked(page, `small-${lang}`);
      }
    }
    await behaved(page);
  }
});

test("a page is below 300 KB on its way", async () => {
  const stay = await park();
  for (const path of [stay.path, `${stay.path}/receipt`, "/l/hn-0001", "/passes", "/verify"]) {
    const page = await stage.open(null, { phone: true });
    const network = await page.context().newCDPSession(page);
    let bytes = 0;
    await network.send("Network.enable");
    network.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
    await page.goto(stage.base + path, { waitUntil: "load" });
    assert.ok(bytes > 1000 && bytes < 300 * 1024, `${path}: ${bytes} bytes`);
    console.log(`# ${path.slice(0, 12)}: ${bytes} bytes`);
    await behaved(page);
  }
});
