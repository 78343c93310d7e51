// office.test.mjs - the operator's office in a real browser: lists, a statement, a day, a tariff.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Stage } from "./stage.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const operator = { user: "dieu-hanh" };
const parts = ["lots", "gates", "alarms", "reviews", "tariffs", "lists", "statements", "days", "quarantine"];
let stage;

before(async () => {
  mkdirSync("pictures", { recursive: true });
  stage = await Stage.start(process.env.DOXE_WEB_STAGE);
});
after(async () => { await stage.stop(); });

async function behaved(page, refusals = 0) {
  const told = page.troubles.filter((text) => /status of 422/.test(text)); // the browser's own lines
  page.troubles = page.troubles.filter((text) => !told.includes(text));
  assert.ok(told.length <= refusals);
  assert.deepEqual([...page.hosts], [new URL(stage.base).host], "a page asks no other host");
  assert.deepEqual(page.troubles, [], "no error, no violated policy, no dialog");
  await page.context().close();
}

for (const [width, lang] of [["phone", "vi-VN"], ["desktop", "en-GB"]]) {
  test(`office: each part fits a ${width} in ${lang}, small, and axe finds nothing serious`, async () => {
    await stage.do("alarm");
    await stage.do("offline");
    for (const part of parts) {
      const page = await stage.open(`/office/${part}`, { ...operator, lang, phone: width === "phone" });
      assert.equal(page.status, 200);
      await page.screenshot({ path: `pictures/office-${part}-${width}.png`, fullPage: true });
      assert.ok(await page.evaluate(() =>
        document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${part} fits`);
      const bytes = await page.evaluate(() => performance.getEntries()
        .reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0));
      assert.ok(bytes < 300 * 1024, `${part}: ${bytes} bytes`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run());
      const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
      assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes[0].html}`), [], part);
      await behaved(page);
    }
  });
}

test("office: a vehicle goes on the black list and off again", async () => {
  const page = await stage.open("/office/lists", { ...operator, lang: "en-GB" });
  const form = page.locator("form.deed.fields");
  await form.locator("input[name=plate]").fill("30F-999.88");
  await form.locator("input[name=reason]").fill("left <b>unpaid</b> thrice");
  await form.getByRole("button").click();
  const row = page.locator("table.rows tbody tr", { hasText: "30F99988" });
  await row.waitFor();
  assert.match(await row.textContent(), /left <b>unpaid<\/b> thrice/);
  await page.screenshot({ path: "pictures/office-lists-filled.png", fullPage: true });
  await form.locator("input[name=plate]").fill("hello");
  await form.locator("input[name=reason]").fill("x");
  await form.getByRole("button").click();
  await page.locator("output.bad").waitFor();
  await row.getByRole("button").click();
  await page.waitForFunction(() => !document.querySelector("form.deed:not(.fields)"));
  await behaved(page, 1);
});

test("office: a statement is checked, taken in with progress, and the same again changes nothing", async () => {
  const rows = Array.from({ length: 3000 }, (_, i) =>
    `20/11/2026 08:00:00,FT${i},,1000,${1000000 + 1000 * (i + 1)},tien xe ${i}`);
  const file = {
    name: "tháng 11.csv", mimeType: "text/csv",
    buffer: Buffer.from(`Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n${rows.join("\n")}\n`),
  };
  const page = await stage.open("/api/v1/statements", { ...operator, lang: "en-GB" });
  await page.goto(`${stage.base}/office/statements`); // the browser knows now that this path wants a name
  page.troubles.length = 0; // bare JSON has no icon
  const form = page.locator("form.upload");
  await form.locator("input[type=file]").setInputFiles(file);
  await form.getByRole("button", { name: "Only check" }).click();
  await form.locator("output.good", { hasText: "only tried" }).waitFor();
  assert.equal(await page.locator("table.rows tbody tr").count(), 0);
  await form.getByRole("button", { name: "Take it in" }).click();
  await form.locator("output.good", { hasText: "3000 rows" }).waitFor();
  await page.locator("table.rows tbody tr", { hasText: "tháng 11.csv" }).waitFor();
  await page.screenshot({ path: "pictures/office-statements-filled.png", fullPage: true });
  await form.getByRole("button", { name: "Take it in" }).click();
  await form.locator("output.good", { hasText: "imported before" }).waitFor();
  await form.locator("input[type=file]").setInputFiles({ ...file, name: "b.csv", buffer: Buffer.from("%PDF-1.7") });
  await form.getByRole("button", { name: "Take it in" }).click();
  await form.locator("output.bad").waitFor();
  await behaved(page);
});

test("office: a day is drafted, then signed, and stands in the list", async () => {
  const page = await stage.open("/office/days", { ...operator, lang: "vi-VN" });
  const form = page.locator("form.job.fields");
  await form.locator("input[name=day]").fill("2026-11-18");
  await form.getByRole("button").click();
  const link = form.locator("output a");
  await link.waitFor();
  assert.match(await link.textContent(), /2026-11-18-draft\.xlsx/);
  assert.equal(await page.locator("table.rows tbody tr").count(), 0);
  await form.locator("input[name=sign]").check();
  await form.getByRole("button").click();
  await page.locator("table.rows tbody tr", { hasText: "2026-11-18" }).waitFor();
  await page.screenshot({ path: "pictures/office-days-filled.png", fullPage: true });
  await behaved(page);
});

test("office: a tariff is previewed as a chart, published, and only what was previewed", async () => {
  const page = await stage.open("/office/tariffs", { ...operator, lang: "en-GB" });
  const form = page.locator("form.tariff");
  const publish = form.locator("button[name=publish]");
  const old = readFileSync(`${process.env.DOXE_SOURCE}/etc/tariffs/hanoi-car-c2.yaml`, "utf8");
  const version = (price) => old.replace(/^    digest: .*\n/m, "")
    .replace("    valid_from: 2018-01-01\n", "    valid_from: 2018-01-01\n    valid_until: 2027-06-01\n") + `
  - version: "2027"
    title: {vi: "Giá thử", en: "Trial price"}
    status: unverified
    legal: ["Quyết định thử"]
    notes: ["made up"]
    valid_from: 2027-06-01
    elements:
      - when: {vehicles: [car]}
        time:
          - {block: 1h, price_vnd: ${price}}
`;
  assert.ok(await publish.isDisabled());
  await form.locator("textarea").fill("tariff: [");
  await form.locator("select[name=lots]").selectOption("hn-0001");
  await form.getByRole("button", { name: "Check and preview" }).click();
  await form.locator("output.bad").waitFor();
  await form.locator("textarea").fill(version(30000));
  await form.getByRole("button", { name: "Check and preview" }).click();
  await form.locator("output.good", { hasText: "2027" }).waitFor();
  await form.locator(".price-chart svg").waitFor();
  await page.screenshot({ path: "pictures/office-tariff-preview.png", fullPage: true });
  assert.ok(await publish.isEnabled());
  await form.locator("textarea").fill(version(35000));
  assert.ok(await publish.isDisabled(), "another text must be checked again");
  await form.getByRole("button", { name: "Check and preview" }).click();
  await form.locator("output.good").waitFor();
  await publish.click();
  await form.locator("output.good", { hasText: "Published" }).waitFor();
  await page.locator("table.rows tbody tr", { hasText: "hanoi-car-c2" }).last().waitFor();
  await behaved(page, 1);
});
