// Builds elements. What comes from the shop is only ever a text node: nothing of it can become markup.

export const byId = (id) => document.getElementById(id);

/** An element with properties (data-* by "data") and children, which are elements or text. */
export function element(name, { className = "", data = {} } = {}, ...children) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  Object.assign(made.dataset, data);
  made.append(...children.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return made;
}

/** Shows a result: a kind (good, bad, warm), a headline, and further elements. */
export function show(place, kind, headline, ...more) {
  place.dataset.kind = kind;
  place.replaceChildren(element("p", { className: "headline" }, headline), ...more);
}

export const paragraph = (text, className = "") => element("p", { className }, text);

/** Figures with their names beside each other. */
export function facts(title, figures) {
  const list = element("dl", { className: "facts" });
  for (const [name, figure] of Object.entries(figures)) {
    list.append(element("div", {}, element("dt", {}, name), element("dd", { data: { fact: name } }, figure)));
  }
  return [paragraph(title, "facts-title"), list];
}

/** Runs an action with the buttons of a form off, so that nothing is sent twice; shows what went wrong. */
export async function busy(place, buttons, action) {
  buttons.forEach((button) => (button.disabled = true));
  try {
    await action();
  } catch (failure) {
    show(place, "bad", failure.message);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

export function milliseconds(micros) {
  const millis = micros / 1000;
  return `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;
}
