// office.js - the office's forms: orders, files with progress, jobs that take their time.

const words = document.querySelector(".office-part")?.dataset ?? {};
const DAY_MS = 24 * 60 * 60 * 1000;
const HANOI_MS = 7 * 60 * 60 * 1000;

const headers = { "Content-Type": "application/json", "X-Doxe-Request": "1" };

function tell(form, text, good) {
  const output = form.querySelector("output");
  output.textContent = text;
  output.className = good === undefined ? "" : good ? "good" : "bad";
}

const messageOf = (told) => told.message ?? "";

// The members of an order: numbers, days and ticks become what the API wants.
function bodyOf(form, button) {
  const body = {};
  for (const [name, value] of new FormData(form, button)) {
    const field = form.elements[name];
    if (value === "" || value instanceof File) continue;
    if (field.multiple) (body[name] ??= []).push(value);
    else if (field.dataset?.number !== undefined) body[name] = Number(value);
    else if (field.dataset?.flag !== undefined || button?.name === name) body[name] = true;
    // A day in Hanoi, to its end.
    else if (field.dataset?.day !== undefined) body[name] = Date.parse(`${value}T00:00:00Z`) - HANOI_MS + DAY_MS;
    else body[name] = value;
  }
  return body;
}

async function order(form, body) {
  const answer = await fetch(form.dataset.path, { method: "POST", headers, body: JSON.stringify(body) });
  return { ok: answer.ok, told: await answer.json().catch(() => ({})) };
}

async function withBusy(form, work) {
  const buttons = [...form.querySelectorAll("button:not([name=publish])")];
  form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  try {
    await work();
  } catch (error) {
    tell(form, String(error.message ?? error), false);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

// ---- jobs ----

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** Until the job is over; shows how far it is. */
async function follow(form, id) {
  const progress = form.querySelector("progress");
  for (;;) {
    const answer = await fetch(`/api/v1/jobs/${id}`, { cache: "no-store" });
    const job = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(messageOf(job));
    if (progress) {
      progress.hidden = false;
      if (job.total > 0) progress.value = (100 * job.done) / job.total;
      else progress.removeAttribute("value");
    }
    const over = job.state === "done" || job.state === "failed";
    if (!over) {
      tell(form, job.total > 0 ? `${words.working} ${job.done}/${job.total}` : words.working);
      await pause(400);
      continue;
    }
    if (progress) progress.hidden = true;
    const good = job.state === "done";
    tell(form, `${good ? words.done : words.failed}\n${job.text}`, good);
    if (job.file) {
      const link = document.createElement("a");
      link.href = `/api/v1/jobs/${id}/file`;
      link.textContent = `${words.download}: ${job.file}`;
      form.querySelector("output").append(document.createElement("br"), link);
    }
    return good;
  }
}

async function runJob(form, body) {
  const { ok, told } = await order(form, body);
  if (!ok) return tell(form, messageOf(told), false);
  return follow(form, told.job);
}

// ---- a file ----

function send(form, path, file) {
  const progress = form.querySelector("progress");
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-Doxe-Request", "1");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      progress.hidden = false;
      progress.value = event.total ? (100 * event.loaded) / event.total : 0;
      tell(form, `${words.sending} ${Math.round(progress.value)} %`);
    };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* an answer of another kind */ }
      if (request.status === 202) done(told.job);
      else fail(new Error(messageOf(told) || `HTTP ${request.status}`));
    };
    request.onerror = () => fail(new Error(words.failed));
    request.send(file);
  });
}

async function upload(form, body) {
  const file = form.elements.file.files[0];
  const query = new URLSearchParams({ account: form.elements.account.value, file: file.name });
  if (body.dry_run) query.set("dry_run", "1");
  const job = await send(form, `${form.dataset.path}?${query}`, file);
  const good = await follow(form, job);
  if (good && !query.has("dry_run")) await reloadTable();
}

// ---- tariffs ----

function showChart(form, svg) {
  const place = form.querySelector(".price-chart");
  place.replaceChildren();
  place.hidden = !svg;
  if (!svg) return;
  const picture = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  place.append(document.importNode(picture, true));
}

async function tariff(form, body) {
  const { ok, told } = await order(form, body);
  const publish = form.querySelector("button[name=publish]");
  publish.disabled = !ok || told.published;
  showChart(form, told.chart);
  if (!ok) return tell(form, messageOf(told), false);
  const from = new Date(told.from_ms).toLocaleString(document.documentElement.lang, { timeZone: "Asia/Ho_Chi_Minh" });
  tell(form, `${told.name}: ${form.dataset.from} ${from}. ${told.published ? form.dataset.published : ""}`, true);
  if (told.published) await reloadTable();
  return undefined;
}

// ---- the page ----

async function reloadTable() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("[data-table]");
  document.querySelectorAll("[data-table]").forEach((table, i) => {
    if (fresh[i]) table.replaceWith(document.importNode(fresh[i], true));
  });
}

async function deed(form, body) {
  const { ok, told } = await order(form, body);
  tell(form, ok ? words.done : messageOf(told), ok);
  if (ok) await reloadTable();
}

const works = { deed, job: runJob, upload, tariff };

document.addEventListener("submit", (event) => {
  const form = event.target;
  const kind = Object.keys(works).find((name) => form.classList.contains(name));
  if (!kind) return;
  event.preventDefault();
  const body = bodyOf(form, event.submitter); // before the buttons are disabled
  withBusy(form, async () => {
    await works[kind](form, body);
    if (body.sign) {
      form.elements.sign.checked = false;
      await reloadTable();
    }
  });
});

// What is published is what was previewed: another text must be checked again.
document.addEventListener("input", (event) => {
  const form = event.target.closest("form.tariff");
  if (form) form.querySelector("button[name=publish]").disabled = true;
});

document.addEventListener("change", async (event) => {
  const form = event.target.closest("form.tariff");
  if (form && event.target.type === "file" && event.target.files[0]) {
    form.elements.text.value = await event.target.files[0].text();
  }
});

document.querySelector("nav.office [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
