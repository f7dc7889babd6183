// The live board: what the shop's observers hear.
import { watchBoard } from "./api.js";
import { byId, element } from "./dom.js";

const SHOWN = 50;
const REMEMBERED = 1000;

const state = byId("board-state");
const list = byId("board-list");
const count = byId("board-count").querySelector("b");
const noun = byId("board-count").querySelector("span");
const seen = new Map();
const ownOrders = new Set();
let total = 0;

/** How often an event of this order came. */
export const eventsOf = (orderId) => seen.get(orderId) ?? 0;

/** Marks an order as one of this page, whether its event has come or is yet to come. */
export function mine(orderId) {
  ownOrders.add(orderId);
  for (const line of list.children) {
    if (line.dataset.order === orderId) {
      line.dataset.mine = "";
    }
  }
}

function tell(kind, text) {
  state.dataset.kind = kind;
  state.textContent = text;
}

function remember(orderId) {
  seen.set(orderId, eventsOf(orderId) + 1);
  if (seen.size > REMEMBERED) {
    seen.delete(seen.keys().next().value);
  }
}

function placed({ orderId, total: amount, currency }) {
  remember(orderId);
  total += 1;
  count.textContent = String(total);
  noun.textContent = total === 1 ? "order" : "orders";
  const now = new Date();
  const time = element("time", {}, now.toLocaleTimeString());
  time.dateTime = now.toISOString();
  const data = { order: orderId };
  if (ownOrders.has(orderId)) {
    data.mine = "";
  }
  list.prepend(
    element("li", { data }, element("span", { className: "order-id" }, orderId), element("span", {}, `${amount} ${currency}`), time),
  );
  while (list.children.length > SHOWN) {
    list.lastElementChild.remove();
  }
}

watchBoard({
  connected: () => tell("good", "live"),
  disconnected: () => tell("warm", "connecting …"),
  placed,
});
