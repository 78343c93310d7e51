// city.js - the city's page: a chart of the hours, drawn from the table that stands below it.
import { onTaken, start } from "/assets/live.js";

const colours = ["#0b5d4b", "#e0a100", "#7a8b99"];
let chart = null;

function numbers(column) {
  return [...document.querySelectorAll(`#hours-table tbody tr td:nth-child(${column + 2})`)]
    .map((cell) => Number(cell.textContent.replace(/\D/g, "")));
}

function draw() {
  const place = document.getElementById("hours");
  if (!place || !window.Chart) return;
  const heads = [...document.querySelectorAll("#hours-table thead th[data-series]")];
  const datasets = heads.map((head, i) => ({
    label: head.textContent, data: numbers(i), backgroundColor: colours[i], stack: "turns",
  }));
  if (chart) {
    chart.data.datasets.forEach((set, i) => { set.data = datasets[i].data; });
    chart.update("none");
    return;
  }
  const canvas = document.createElement("canvas");
  place.append(canvas);
  chart = new window.Chart(canvas, {
    type: "bar",
    data: { labels: Array.from({ length: 24 }, (_, hour) => String(hour)), datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { position: "bottom" } },
      scales: {
        x: { stacked: true, grid: { display: false } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
      },
    },
  });
}

onTaken(draw);
window.addEventListener("load", draw);
start(400);
