// Looks prices up, and shows whether the cache had them.
import { forgetPrice, price } from "./api.js";
import { busy, byId, milliseconds, paragraph, show } from "./dom.js";

const form = byId("price-form");
const result = byId("price-result");
const buttons = [...form.querySelectorAll("button")];
const sku = () => new FormData(form).get("sku");

async function lookUp() {
  const found = await price(sku());
  byId("price-hits").textContent = String(found.hits);
  byId("price-misses").textContent = String(found.misses);
  show(
    result,
    found.hit ? "good" : "warm",
    `${found.hit ? "Hit" : "Miss"}: ${found.price} ${found.currency} after ${milliseconds(found.micros)}`,
    paragraph(
      found.hit ? `${found.sku} was in the cache.` : `The wholesaler was asked for ${found.sku}; now every node knows.`,
    ),
  );
}

async function forget() {
  const { sku: article, forgotten } = await forgetPrice(sku());
  show(
    result,
    "warm",
    forgotten ? `Forgotten: ${article}` : `${article} was not in the cache`,
    paragraph("The next look-up will be a miss."),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(result, buttons, lookUp);
});
byId("forget").addEventListener("click", () => busy(result, buttons, forget));
