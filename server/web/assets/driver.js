// driver.js - the driver's page: live payment, copying, and a look when the fee grows.
import { onTaken, refresh, serverNow, start } from "/assets/live.js";

const part = document.getElementById("part");

function showCopyButtons() {
  if (!navigator.clipboard && !document.queryCommandSupported?.("copy")) return;
  for (const button of part.querySelectorAll("button.copy")) button.hidden = false;
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

part.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const label = button.textContent;
  button.dataset.busy = "";
  await copy(button.dataset.copy);
  button.textContent = button.dataset.done;
  button.classList.add("done");
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("done");
    delete button.dataset.busy;
    refresh(); // the amount may have changed meanwhile
  }, 1500);
});

let timer = 0;

function waitForNextStep() {
  clearTimeout(timer);
  const next = Number(part.querySelector("[data-next]")?.dataset.next ?? 0);
  if (next > 0) {
    timer = setTimeout(refresh, Math.min(Math.max(next - serverNow(), 0) + 500, 2 ** 31 - 1));
  }
}

onTaken(() => {
  showCopyButtons();
  waitForNextStep();
});
showCopyButtons();
start();
waitForNextStep();
