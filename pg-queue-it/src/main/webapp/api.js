// What the page asks the shop. Every answer is JSON; what went wrong is one sentence.

/** An answer that is not a success; its message is the shop's own sentence. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.error ?? `The shop answered with status ${status}.`);
    this.status = status;
    this.body = body;
  }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(`api/${path}`, { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch {
    throw new Error("The shop cannot be reached. Is it still running?");
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new Error(`The shop answered with status ${response.status} and no JSON.`);
  }
  if (!response.ok) {
    throw new Refusal(response.status, body);
  }
  return body;
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const placeOrder = (order) => post("orders", order);

export const trace = (orderId) => call(`orders/${encodeURIComponent(orderId)}`);

export const price = (sku) => call(`prices/${encodeURIComponent(sku)}`);

export const forgetPrice = (sku) => call(`prices/${encodeURIComponent(sku)}`, { method: "DELETE" });

export const quote = (request) => post("quotes", request);

export const queues = () => call("queues");

/** Listens to the live board; the browser connects again by itself. */
export function watchBoard({ connected, disconnected, placed }) {
  const source = new EventSource("api/board");
  source.addEventListener("open", connected);
  source.addEventListener("error", disconnected);
  source.addEventListener("placed", (event) => placed(JSON.parse(event.data)));
}
