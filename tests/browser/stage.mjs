// stage.mjs - starts web_stage (a server with a morning's traffic) and Debian's Chromium.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export class Stage {
  static async start(program) {
    const stage = new Stage();
    stage.child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    stage.lines = createInterface({ input: stage.child.stdout });
    stage.waiting = [];
    const first = new Promise((resolve, reject) => {
      stage.child.once("exit", (code) => reject(new Error(`web_stage ended with ${code}`)));
      stage.lines.on("line", (line) => {
        if (line.startsWith("{")) resolve(JSON.parse(line));
        if (line.startsWith("done")) stage.waiting.shift()?.(line.slice(5));
      });
    });
    const { port, stays } = await first;
    stage.base = `http://127.0.0.1:${port}`;
    stage.stays = stays;
    stage.browser = await chromium.launch({
      executablePath: process.env.DOXE_CHROMIUM ?? "/usr/bin/chromium", args: flags,
    });
    return stage;
  }

  /** What web_stage.c can do: "pay due", "hold", "offline"; resolves when it is committed. */
  do(line) {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.child.stdin.write(`${line}\n`);
    });
  }

  /** A page of its own context (path null: still empty) that notes every request, console error and policy violation. */
  async open(path, { user, lang = "vi-VN", phone = false, script = true } = {}) {
    const context = await this.browser.newContext({
      locale: lang,
      javaScriptEnabled: script,
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      httpCredentials: user && {
        username: user, password: { "dieu-hanh": "operator", "so-xay-dung": "city" }[user],
      },
    });
    const page = await context.newPage();
    page.hosts = new Set();
    page.troubles = [];
    page.on("request", (request) => page.hosts.add(new URL(request.url()).host));
    page.on("console", (message) => {
      if (message.type() === "error") page.troubles.push(message.text());
    });
    page.on("pageerror", (error) => page.troubles.push(error.message));
    page.on("dialog", (dialog) => {
      page.troubles.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    if (path) page.status = (await page.goto(this.base + path)).status();
    return page;
  }

  async stop() {
    await this.browser.close();
    await this.stopServer();
  }

  stopServer() {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null) resolve(this.child.exitCode);
      this.child.removeAllListeners("exit");
      this.child.once("exit", resolve);
      this.child.stdin.end();
    });
  }
}
