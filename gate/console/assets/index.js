// The gate's lanes: something changed, so fetch the list again and put it in place.
const refresh = async () => {
  const answer = await fetch("/", { cache: "no-store" });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["main", "header"]) {
    document.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)));
  }
};
let due = 0;
new EventSource("/events").addEventListener("lane", () => {
  clearTimeout(due);
  due = setTimeout(refresh, 100);
});
