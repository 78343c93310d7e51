// desk_stage.mjs - the real doxe-gate with its console, a Modbus module, cameras, a card scanner, a
// broker that can be cut off, and a server that answers as told; and Debian's Chromium.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const ulid = () => `01${Array.from({ length: 24 }, () => alphabet[Math.floor(Math.random() * 32)]).join("")}`;
const until = async (what, seen, ms = 15000) => {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await seen();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came: ${what}`);
};

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A module with bits in and coils out, and two arms that follow their coils. */
class Module {
  constructor() {
    this.bits = new Array(32).fill(false);
    this.coils = new Array(32).fill(false);
    this.written = [];
    this.sockets = new Set();
    this.bits[3] = this.bits[11] = true; // both arms are down
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket)).on("error", () => {});
      let rest = Buffer.alloc(0);
      socket.on("data", (data) => {
        rest = Buffer.concat([rest, data]);
        while (rest.length >= 6 && rest.length >= 6 + rest.readUInt16BE(4)) {
          const length = 6 + rest.readUInt16BE(4);
          socket.write(this.answer(rest.subarray(0, length)));
          rest = rest.subarray(length);
        }
      });
    });
  }
  answer(frame) {
    const code = frame[7];
    const address = frame.readUInt16BE(8);
    const count = frame.readUInt16BE(10);
    let body;
    if (code === 1 || code === 2) {
      const source = code === 2 ? this.bits : this.coils;
      const bytes = Buffer.alloc(Math.ceil(count / 8));
      for (let i = 0; i < count; i++) if (source[address + i]) bytes[i >> 3] |= 1 << (i & 7);
      body = Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
    } else if (code === 5) {
      this.write(address, frame.readUInt16BE(10) === 0xff00);
      body = frame.subarray(7, 12);
    } else {
      body = Buffer.from([code | 0x80, 1]);
    }
    const head = Buffer.from(frame.subarray(0, 7));
    head.writeUInt16BE(body.length + 1, 4);
    return Buffer.concat([head, body]);
  }
  write(coil, on) {
    this.coils[coil] = on;
    this.written.push([coil, on]);
    const base = coil & 8;
    if (on && (coil & 7) < 2) {
      const up = (coil & 7) === 0;
      this.bits[base + 2] = this.bits[base + 3] = false;
      setTimeout(() => { this.bits[base + (up ? 2 : 3)] = true; }, 30);
    }
  }
}

export class DeskStage {
  static async start(program, { lock = "10min" } = {}) {
    const stage = new DeskStage();
    stage.program = program;
    stage.folder = mkdtempSync(join(tmpdir(), "doxe-desk-"));
    stage.module = new Module();
    await new Promise((resolve) => stage.module.server.listen(0, "127.0.0.1", resolve));
    [stage.mqtt, stage.http, stage.port, stage.scanner] = [await freePort(), await freePort(), await freePort(), await freePort()];
    stage.base = `http://127.0.0.1:${stage.port}`;
    stage.events = [];
    stage.known = new Map();
    stage.answers = true;
    writeFileSync(join(stage.folder, "identity.key"), "0123456789abcdef0123456789abcdef");
    writeFileSync(join(stage.folder, "broker.conf"), `listener ${stage.mqtt} 127.0.0.1\nallow_anonymous true\n`);
    writeFileSync(join(stage.folder, "gate.yaml"), stage.config(lock));
    stage.browser = await chromium.launch({ executablePath: process.env.DOXE_CHROMIUM ?? "/usr/bin/chromium", args: flags });
    stage.photo = await stage.makePhoto();
    for (const [name, role, title, pin] of people) {
      execFileSync(program, ["attendant", "add", name, "--role", role, "--title", title, "--config", join(stage.folder, "gate.yaml")], { input: `${pin}\n` });
    }
    await stage.startBroker();
    await stage.startGate();
    return stage;
  }

  config(lock) {
    const both = `
      - {role: arming_back, bus: io, address: 4, debounce_ms: 5}
      - {role: fire, bus: io, address: 5, debounce_ms: 5}`;
    const lane = (number, base, direction, name) => `
  - lane: ${number}
    name: ${name}
    direction: ${direction}
    inputs:
      - {role: arming_loop, bus: io, address: ${base}, debounce_ms: 5}
      - {role: safety_loop, bus: io, address: ${base + 1}, debounce_ms: 5}
      - {role: opened, bus: io, address: ${base + 2}, debounce_ms: 5}
      - {role: closed, bus: io, address: ${base + 3}, debounce_ms: 5}${number === 1 ? both : ""}
    outputs:
      - {role: open, bus: io, address: ${base}, pulse_ms: 50}
      - {role: close, bus: io, address: ${base + 1}, pulse_ms: 50}
      - {role: light, bus: io, address: ${base + 2}, pulse_ms: 100}
    rules: {passback: hard, reversible: ${number === 1}}
    camera: cam-${number}${number === 2 ? `\n    scanner: "listen:127.0.0.1:${this.scanner}"` : ""}`;
    return `gate: {id: g1, lot: lot1, name: Cổng thử}
journal: ${this.folder}/journal.db
mqtt: {url: "tcp://127.0.0.1:${this.mqtt}"}
http: {listen: "127.0.0.1:${this.http}"}
console: {listen: "127.0.0.1:${this.port}", lock: ${lock}, debt_limit_vnd: 30000}
identity: {enabled: true, key_file: ${this.folder}/identity.key, vehicle: car}
buses:
  - {name: io, address: "127.0.0.1:${this.module.server.address().port}", poll_ms: 10}
lanes:${lane(1, 0, "entry", "Làn vào")}${lane(2, 8, "exit", "Làn ra")}
`;
  }

  async makePhoto() {
    const page = await this.browser.newPage({ viewport: { width: 480, height: 300 } });
    await page.setContent(`<body style="margin:0;background:linear-gradient(#8fb3d6,#5b6570 55%,#33383d);font:700 40px sans-serif">
      <div style="margin:90px auto 0;width:300px;height:120px;background:#b12;border-radius:60px 60px 12px 12px"></div>
      <div style="margin:-46px auto 0;width:170px;text-align:center;background:#fff;border:3px solid #111">30F-123.45</div></body>`);
    const photo = await page.screenshot({ type: "jpeg", quality: 70 });
    await page.close();
    return photo;
  }

  // ---- programs ----

  async startBroker() {
    this.broker = spawn("mosquitto", ["-c", join(this.folder, "broker.conf")], { stdio: "ignore" });
    await until("broker", () => new Promise((resolve) => {
      const socket = net.connect(this.mqtt, "127.0.0.1", () => { socket.destroy(); resolve(true); }).on("error", () => resolve(false));
    }));
    this.hear = spawn("mosquitto_sub", ["-p", String(this.mqtt), "-q", "1", "-t", "doxe/1/lot1/g1/up"], { stdio: ["ignore", "pipe", "ignore"] });
    createInterface({ input: this.hear.stdout }).on("line", (line) => this.take(JSON.parse(line)));
    this.speak = spawn("mosquitto_pub", ["-p", String(this.mqtt), "-q", "1", "-l", "-t", "doxe/1/lot1/g1/down"], { stdio: ["pipe", "ignore", "ignore"] });
    this.speak.stdin.on("error", () => {});
  }

  /** The line to the city is cut. */
  async cut() {
    // The clients would wait for a broker that is gone.
    await Promise.all([this.hear, this.speak, this.broker].map((child) => end(child, "SIGKILL")));
  }

  async startGate() {
    this.gate = spawn(this.program, ["--config", join(this.folder, "gate.yaml")], { stdio: ["ignore", "ignore", "pipe"] });
    this.log = [];
    createInterface({ input: this.gate.stderr }).on("line", (line) => this.log.push(line));
    await until(`the console: ${this.log.slice(-5).join("\n")}`, async () => {
      if (this.gate.exitCode !== null) throw new Error(this.log.join("\n"));
      return fetch(`${this.base}/health`).then((answer) => answer.ok, () => false);
    });
  }

  /** No file of the gate may grow any more, as on a full disk; and again. */
  fillDisk() { execFileSync("prlimit", ["--pid", String(this.gate.pid), "--fsize=0:unlimited"]); }
  emptyDisk() { execFileSync("prlimit", ["--pid", String(this.gate.pid), "--fsize=unlimited:unlimited"]); }

  /** A part of the lot's open stays, as the server keeps it for all gates. */
  keepInside(part, stays, version = Date.now()) {
    const rest = `","v":1,"type":"inside","lot":"lot1","version":${version},"bucket":"${part}","stays":${JSON.stringify(stays)}}`;
    const head = '{"digest":"';
    const sha = (bytes) => createHash("sha256").update(bytes).digest();
    const digest = createHash("sha256").update(Buffer.concat([sha(head), sha(rest)])).digest("hex");
    execFileSync("mosquitto_pub", ["-p", String(this.mqtt), "-q", "1", "-r", "-t", `doxe/1/lot1/inside/${part}`, "-s"], { input: head + digest + rest });
  }

  /** A page of the file is lost while the program does not run. */
  damageJournal() {
    const path = join(this.folder, "journal.db");
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, Math.min(bytes.length, 3 * 4096));
    writeFileSync(path, bytes);
  }

  async killGate() {
    await end(this.gate, "SIGKILL");
  }

  async stop() {
    await this.browser.close();
    await end(this.gate);
    await this.cut();
    for (const socket of this.module.sockets) socket.destroy();
    this.module.server.close();
    rmSync(this.folder, { recursive: true, force: true });
    const asan = this.log.filter((line) => /AddressSanitizer|runtime error/.test(line));
    if (asan.length) throw new Error(this.log.join("\n"));
  }

  // ---- the server: acknowledges, quotes ----

  send(message) { this.speak.stdin.write(`${JSON.stringify({ v: 1, ...message })}\n`); }

  take(event) {
    if (event.type === "query") return;
    this.events.push(event);
    this.send({ type: "ack", gen: event.gen, seq: event.seq });
    if (event.type === "exit_asked" && this.answers) this.quote(event);
  }

  /** 25,000 for whoever the gate names; a vehicle without a session is not known. */
  quote(ask, amount = 25000) {
    const paycode = "DX7K3M9QWF";
    const known = Boolean(ask.session);
    this.send({
      type: "quote", id: ulid(), lane: ask.lane, session: ask.session, ask: ask.id, state: known ? "due" : "unknown",
      amount_vnd: known ? amount : 0, fee_vnd: known ? amount : 0, entered_ms: known ? Date.now() - 3900e3 : 0,
      valid_until_ms: Date.now() + 600e3, paycode: known ? paycode : "",
      payload: known ? payloadOf(this.program, paycode, amount) : "", subject: ask.subject,
      lines: known ? [{ vi: "1 giờ đầu", en: "first hour", amount_vnd: amount - 5000 }, { vi: "mỗi giờ sau", en: "each hour after", amount_vnd: 5000 }] : [],
    });
  }

  pay(ask, amount = 25000) {
    this.send({ type: "paid", id: ulid(), lane: ask.lane, session: ask.session, ask: ask.id, amount_vnd: amount, fee_vnd: amount });
  }

  event(type, fits = () => true) {
    return until(type, () => this.events.findLast((event) => event.type === type && fits(event)));
  }

  /** What the gate has durably, read beside it. */
  journal(type) {
    const rows = execFileSync("sqlite3", ["-json", join(this.folder, "journal.db"), `SELECT body FROM journal WHERE body LIKE '%"type":"${type}"%' ORDER BY generation, seq`]).toString();
    return rows.trim() ? JSON.parse(rows).map((row) => JSON.parse(row.body)) : [];
  }

  // ---- the road ----

  /** The module's network cable. */
  unplug() {
    this.modulePort ??= this.module.server.address().port;
    this.module.server.close();
    for (const socket of this.module.sockets) socket.destroy();
  }
  plugIn() { return new Promise((resolve) => this.module.server.listen(this.modulePort, "127.0.0.1", resolve)); }

  input(lane, place, on) { this.module.bits[(lane - 1) * 8 + place] = on; }

  async push(lane, plate, confidence = 97) {
    const form = new FormData();
    const kind = plate.length > 9 ? "" : "<vehicleType>SUVMPV</vehicleType>";
    form.append("anpr.xml", new Blob([`<?xml version="1.0"?><EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate>${plate}</licensePlate><confidenceLevel>${confidence}</confidenceLevel>${kind}</ANPR><UUID>${ulid()}</UUID></EventNotificationAlert>`], { type: "application/xml" }), "anpr.xml");
    form.append("detectionPicture.jpg", new Blob([this.photo], { type: "image/jpeg" }), "detectionPicture.jpg");
    const answer = await fetch(`http://127.0.0.1:${this.http}/camera/cam-${lane}`, { method: "POST", body: form });
    if (!answer.ok) throw new Error(`camera: ${answer.status}`);
  }

  async come(lane, plate) {
    this.input(lane, 0, true);
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (plate) await this.push(lane, plate);
  }

  /** Under the arm and out, once it is up. */
  async pass(lane) {
    const base = (lane - 1) * 8;
    await until("the arm is up", () => this.module.bits[base + 2]);
    const step = () => new Promise((resolve) => setTimeout(resolve, 80));
    this.input(lane, 1, true);
    await step();
    this.input(lane, 0, false);
    await step();
    this.input(lane, 1, false);
    await until("the arm is down", () => this.module.bits[base + 3]);
  }

  async enter(plate) {
    await this.come(1, plate);
    await this.pass(1);
    await until("entered", () => this.journal("entered").length > 0);
  }

  async leave(lane) { this.input(lane, 0, false); await new Promise((resolve) => setTimeout(resolve, 60)); }

  /** A citizen card (made up) at the exit's scanner. */
  scanCard() {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.scanner, "127.0.0.1", () => socket.end("001090123456||NGUYEN VAN A|01011990|Nam|Hanoi|02022021\r\n", resolve));
      socket.on("error", reject);
    });
  }

  // ---- pages ----

  async page({ who, lang = "vi", phone = false, dark = false, clock = false } = {}) {
    const context = await this.browser.newContext({
      viewport: phone ? { width: 360, height: 740 } : { width: 1024, height: 768 }, colorScheme: dark ? "dark" : "light", hasTouch: phone,
    });
    await context.addInitScript((word) => { if (!localStorage.getItem("doxe.language")) localStorage.setItem("doxe.language", word); }, lang);
    const page = await context.newPage();
    page.troubles = [];
    page.hosts = new Set();
    page.on("request", (request) => page.hosts.add(new URL(request.url()).host));
    page.on("pageerror", (error) => page.troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/ERR_CONNECTION|status of (401|403|423|429|503)|ERR_INCOMPLETE|ERR_EMPTY/.test(message.text())) page.troubles.push(message.text());
    });
    page.on("dialog", (dialog) => { page.troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    if (clock) await page.clock.install();
    await page.goto(this.base);
    if (who) await this.login(page, who);
    return page;
  }

  async login(page, who) {
    await page.fill("#door-name", who);
    await page.fill("#door-secret", pinOf(who));
    await page.keyboard.press("Enter");
    await page.waitForSelector(".lane-card");
  }
}

const people = [["an", "attendant", "Nguyễn Thị An", "802517"], ["binh", "supervisor", "Trần Văn Bình", "394672"],
  ["chi", "attendant", "Lê Thị Chi", "571930"], ["kt", "technician", "Kỹ thuật", "640285"]];
export const pinOf = (who) => people.find(([name]) => name === who)[3];

function end(child, signal = "SIGTERM") {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", resolve);
    child.kill(signal);
  });
}

function payloadOf(program, paycode, amount) {
  const doxe = join(program, "..", "doxe");
  const out = execFileSync(doxe, ["vietqr", "make", "--bin", "970436", "--account", "0123456789", "--amount", String(amount), "--purpose", paycode]).toString();
  return JSON.parse(out).payload;
}
export { until };
