// The lane's screen: each event brings the part that changed; the page never reloads.
const cut = document.getElementById("cut");
const retryMs = 3000;

function show(event) {
  const next = new DOMParser().parseFromString(event.data, "text/html").getElementById("lane");
  if (next) document.getElementById("lane").replaceWith(document.adoptNode(next));
}

function listen() {
  const source = new EventSource(`/lane/${document.body.dataset.lane}/events`);
  source.addEventListener("display", show);
  source.onopen = () => { cut.hidden = true; };
  source.onerror = () => {
    cut.hidden = false;
    // Refused (too many screens, a restart): the browser gives up then, this page does not.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, retryMs);
  };
}

listen();
