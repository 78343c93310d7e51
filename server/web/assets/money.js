// money.js - what two persons decide about money: proposals, approvals, refunds.
import { refresh, start } from "/assets/live.js";

const part = document.getElementById("part");

// A proposal is a list of lines, those without an amount left out. Everything else is its fields.
function bodyOf(data) {
  const { action, target, amount_vnd, ...rest } = Object.fromEntries(data);
  if (!action) return amount_vnd ? { ...rest, amount_vnd: Number(amount_vnd) } : rest;
  const targets = data.getAll("target");
  const amounts = data.getAll("amount_vnd");
  const parts = data.getAll("action").map((word, i) => ({
    action: word,
    target: (targets[i] ?? "").trim(),
    amount_vnd: Number(amounts[i]),
  }));
  return { ...rest, parts: parts.filter((part, i) => amounts[i].trim() !== "") };
}

async function send(form) {
  const output = form.querySelector("output");
  const button = form.querySelector("button");
  button.disabled = true;
  button.dataset.busy = "";
  try {
    const answer = await fetch(form.dataset.path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Doxe-Request": "1" },
      body: JSON.stringify(bodyOf(new FormData(form))),
    });
    const told = await answer.json().catch(() => ({}));
    output.textContent = told.link ? `${location.origin}/r/${told.link}` : told.message ?? "";
    output.className = answer.ok ? "good" : "bad";
    if (answer.ok) refresh();
  } finally {
    button.disabled = false;
    delete button.dataset.busy;
  }
}

part.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});

start(500);
