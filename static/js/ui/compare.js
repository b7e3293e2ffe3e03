// The bar that gathers the sites to compare, and the boxes by which they are ticked.

import { Choice } from "./choice.js";

export function enhanceCompare(form, storage) {
  const choice = new Choice(Number(form.dataset.compare), storage);
  const boxes = [...form.elements].filter((field) => field.type === "checkbox");
  const named = ({ value, dataset }) => ({ id: value, name: dataset.name });

  const show = () => {
    const { all, isFull } = choice;
    for (const box of boxes) {
      box.checked = choice.has(box.value);
      box.disabled = !box.checked && isFull;
    }
    const here = new Set(boxes.map((box) => box.value));
    const drop = (id) => {
      choice.remove(id);
      show();
    };
    form.querySelector("[data-chosen]").replaceChildren(...all.map((site) => chip(site, !here.has(site.id), form.dataset.remove, drop)));
    form.querySelector("button[type=submit]").disabled = all.length < 2;
    form.querySelector("[data-count]").textContent = String(all.length);
    form.classList.toggle("compare-bar--active", all.length > 0);
    // On the page of one site the bar is of use only once something is chosen.
    form.hidden = "quiet" in form.dataset && !all.length;
  };
  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (box.checked) choice.add(named(box));
      else choice.remove(box.value);
      show();
    });
  }
  // Boxes that the browser ticks again after a reload count as chosen.
  boxes.filter((box) => box.checked && !choice.has(box.value)).forEach((box) => choice.add(named(box)));
  show();
  // A page shown again on the way back may be older than the choice.
  globalThis.addEventListener?.("pageshow", ({ persisted }) => persisted && show());
}

/* A chosen site with a cross; one of another page goes along as a hidden field. */
function chip({ id, name }, elsewhere, remove, drop) {
  const item = document.createElement("li");
  const cross = document.createElement("button");
  cross.type = "button";
  cross.textContent = "×";
  cross.setAttribute("aria-label", `${remove} ${name}`);
  cross.addEventListener("click", () => drop(id));
  item.append(name, cross);
  if (elsewhere) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "ids", value: id });
    item.append(field);
  }
  return item;
}
