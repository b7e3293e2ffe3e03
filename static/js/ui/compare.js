// Choosing sites to compare: at most four, kept while the visitor looks through pages, orders and filters.

const STORED = "compare-sites";

export function enhanceCompare(form, storage = sessionStore()) {
  const atMost = Number(form.dataset.compare);
  const boxes = [...form.elements].filter((field) => field.type === "checkbox");
  const list = form.querySelector("[data-chosen]");
  const button = form.querySelector("button[type=submit]");
  let chosen = read(storage).slice(0, atMost);

  const keep = (next) => {
    chosen = next;
    write(storage, chosen);
    show();
  };
  const show = () => {
    const ids = new Set(chosen.map(({ id }) => id));
    for (const box of boxes) {
      box.checked = ids.has(box.value);
      box.disabled = !box.checked && chosen.length >= atMost;
    }
    const here = new Set(boxes.map((box) => box.value));
    list.replaceChildren(...chosen.map((site) => chip(site, !here.has(site.id), form.dataset.remove, () => keep(chosen.filter(({ id }) => id !== site.id)))));
    button.disabled = chosen.length < 2;
    form.querySelector("[data-count]").textContent = String(chosen.length);
    form.classList.toggle("compare-bar--active", chosen.length > 0);
  };
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const others = chosen.filter(({ id }) => id !== box.value);
      keep(box.checked ? [...others, { id: box.value, name: box.dataset.name }] : others);
    });
  }
  // Boxes that the browser ticks again after a reload count as chosen.
  const ticked = boxes.filter((box) => box.checked && !chosen.some(({ id }) => id === box.value));
  keep([...chosen, ...ticked.map((box) => ({ id: box.value, name: box.dataset.name }))].slice(0, atMost));
}

/* A chosen site with a cross; one of another page goes along as a hidden field. */
function chip({ id, name }, elsewhere, remove, drop) {
  const item = document.createElement("li");
  const cross = document.createElement("button");
  cross.type = "button";
  cross.textContent = "×";
  cross.setAttribute("aria-label", `${remove} ${name}`);
  cross.addEventListener("click", drop);
  item.append(name, cross);
  if (elsewhere) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "ids", value: id });
    item.append(field);
  }
  return item;
}

function sessionStore() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

function read(storage) {
  try {
    const kept = JSON.parse(storage.getItem(STORED)) ?? [];
    return kept.filter(({ id, name }) => typeof id === "string" && typeof name === "string");
  } catch {
    return [];
  }
}

function write(storage, chosen) {
  try {
    storage.setItem(STORED, JSON.stringify(chosen));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
