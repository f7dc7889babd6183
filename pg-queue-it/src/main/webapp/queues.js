// Shows the state of the queues while somebody looks.
import { queues } from "./api.js";
import { byId, element } from "./dom.js";

const EVERY_MILLIS = 1000;

const body = byId("queues-body");
const error = byId("queues-error");

function row({ name, ready, scheduled, running, dead, done }) {
  const cell = (figure, kind) => element("td", { data: figure > 0 && kind ? { kind } : {} }, figure);
  const head = element("th", {}, name);
  head.scope = "row";
  const line = element(
    "tr",
    { data: { queue: name } },
    head,
    cell(ready, "busy"),
    cell(scheduled, "busy"),
    cell(running, "busy"),
    cell(dead, "bad"),
    element("td", {}, done ?? "–"),
  );
  return line;
}

async function refresh() {
  if (!document.hidden) {
    try {
      const state = await queues();
      body.replaceChildren(...state.queues.map(row));
      error.textContent = "";
    } catch (failure) {
      error.textContent = failure.message;
    }
  }
  setTimeout(refresh, EVERY_MILLIS);
}

refresh();
