// The lane's screen: each event brings the part that changed; the page never reloads.
const cut = document.getElementById("cut");
const source = new EventSource(`/lane/${document.body.dataset.lane}/events`);
source.addEventListener("display", (event) => {
  const next = new DOMParser().parseFromString(event.data, "text/html").getElementById("lane");
  if (next) document.getElementById("lane").replaceWith(document.adoptNode(next));
});
source.onopen = () => { cut.hidden = true; };
source.onerror = () => { cut.hidden = false; };
