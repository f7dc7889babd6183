// The order form: places orders, and shows what is there of them.
import { placeOrder, Refusal, trace } from "./api.js";
import { busy, byId, facts, paragraph, show } from "./dom.js";
import { eventsOf, mine } from "./board.js";

const BURST = 25;
const LOOKS = 20;
const PAUSE_MILLIS = 150;

const form = byId("order-form");
const result = byId("order-result");
const buttons = [...form.querySelectorAll("button")];

function order() {
  const fields = new FormData(form);
  return {
    customer: fields.get("customer"),
    email: fields.get("email"),
    sku: fields.get("sku"),
    // What is no number goes to the shop as it is, which says what is wrong with it.
    quantity: /^[0-9]+$/.test(fields.get("quantity")) ? Number(fields.get("quantity")) : fields.get("quantity"),
    failAfterPush: fields.has("failAfterPush"),
  };
}

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MILLIS));

function figures(found, orderId) {
  return { row: found.rows, "jobs to do": found.jobs, event: eventsOf(orderId), "receipt + parcel": found.receipts + found.parcels };
}

function showPlaced(placed, found) {
  show(
    result,
    "good",
    `Committed: order ${placed.orderId}`,
    paragraph(`${placed.quantity} × ${placed.sku} for ${placed.total} ${placed.currency}. Its row, its jobs and its event were one commit.`),
    ...facts("What there is now; the workers take the jobs and leave a receipt and a parcel:", figures(found, placed.orderId)),
  );
}

/** Follows the order until the workers are done with it. An invoice that the mail server refuses takes a while. */
async function follow(placed) {
  for (let look = 0; look < LOOKS; look++) {
    const found = await trace(placed.orderId);
    showPlaced(placed, found);
    if (found.jobs === 0 && eventsOf(placed.orderId) > 0) {
      return;
    }
    await pause();
  }
}

async function showRolledBack({ error, orderId, before, after }) {
  // An event that should not be would need a moment to get here.
  await pause();
  await pause();
  show(
    result,
    "bad",
    "Rolled back: no order, no job, no event.",
    paragraph(error),
    ...facts("Inside the transaction, just before it failed:", {
      row: before.rows,
      jobs: before.jobs,
      event: "waiting",
    }),
    ...facts(`After it, of order ${orderId}:`, { row: after.rows, jobs: after.jobs, event: eventsOf(orderId) }),
  );
}

async function place() {
  try {
    const placed = await placeOrder(order());
    mine(placed.orderId);
    await follow(placed);
  } catch (failure) {
    if (failure instanceof Refusal && failure.body.after) {
      await showRolledBack(failure.body);
    } else {
      throw failure;
    }
  }
}

async function placeMany() {
  const wanted = order();
  const answers = await Promise.allSettled(Array.from({ length: BURST }, () => placeOrder(wanted)));
  const placed = answers.filter((answer) => answer.status === "fulfilled");
  placed.forEach((answer) => mine(answer.value.orderId));
  const failed = answers.filter((answer) => answer.status === "rejected").map((answer) => answer.reason);
  const rolledBack = failed.filter((failure) => failure instanceof Refusal && failure.body.after);
  const other = failed.find((failure) => !rolledBack.includes(failure));
  if (other) {
    throw other;
  }
  if (rolledBack.length > 0) {
    show(result, "bad", `Rolled back: ${rolledBack.length} of ${BURST}. No order, no job, no event of them stays.`);
  } else {
    show(
      result,
      "good",
      `Committed: ${placed.length} orders, ${placed.length * 3} jobs, ${placed.length} events.`,
      paragraph("Watch the queues: what the mail server refuses waits for its next attempt."),
    );
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(result, buttons, place);
});
byId("burst").addEventListener("click", () => busy(result, buttons, placeMany));
