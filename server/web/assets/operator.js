// operator.js - the console: commands to gates, and what became of them.
import { refresh, start } from "/assets/live.js";

const part = document.getElementById("part");

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Doxe-Request": "1" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({}));
  return { ok: answer.ok, text: told.message ?? "", id: told.id };
}

async function send(form) {
  const output = form.querySelector("output");
  const button = form.querySelector("button");
  const fields = Object.fromEntries(new FormData(form));
  const { action, gate, lane, review } = form.dataset;
  button.disabled = true;
  button.dataset.busy = "";
  output.className = "";
  try {
    const answer = review
      ? await post(`/api/v1/reviews/${review}/close`, {})
      : await post("/api/v1/command", { action, gate, lane: Number(lane), ...fields });
    output.textContent = answer.text;
    output.className = answer.ok ? "good" : "bad";
    if (answer.ok) {
      form.reset();
      refresh();
    }
  } finally {
    button.disabled = false;
    delete button.dataset.busy;
  }
}

part.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});

start(200);
