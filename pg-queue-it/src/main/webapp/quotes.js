// Asks a worker for a quote.
import { quote } from "./api.js";
import { busy, byId, milliseconds, paragraph, show } from "./dom.js";

const form = byId("quote-form");
const result = byId("quote-result");
const buttons = [...form.querySelectorAll("button")];

async function ask() {
  const fields = new FormData(form);
  const quantity = fields.get("quantity");
  const answer = await quote({
    sku: fields.get("sku"),
    quantity: /^[0-9]+$/.test(quantity) ? Number(quantity) : quantity,
  });
  show(
    result,
    "good",
    `${answer.total} ${answer.currency} for ${answer.quantity} × ${answer.sku}`,
    paragraph(`Answered by a worker of process ${answer.node} after ${milliseconds(answer.micros)}.`),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(result, buttons, ask);
});
