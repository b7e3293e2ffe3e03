// Choosing sites to compare: at most four, and the button says how many.

export function enhanceCompare(form) {
  const atMost = Number(form.dataset.compare);
  const boxes = [...form.elements].filter((field) => field.type === "checkbox");
  const button = form.querySelector("button");
  const update = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.disabled = !box.checked && chosen >= atMost;
    button.disabled = chosen < 2;
    form.querySelector("[data-count]").textContent = String(chosen);
    form.classList.toggle("compare-bar--active", chosen > 0);
  };
  form.addEventListener("change", update);
  for (const box of boxes) box.addEventListener("change", update);
  update();
}
