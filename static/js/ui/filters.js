// The filters of a list: open where they stand beside it, closed where they stand above it, and
// sent without the fields nobody filled in, so that addresses stay short enough to read.

export function enhanceFilters(details) {
  const wide = window.matchMedia("(width >= 60em)");
  const fit = () => {
    details.open = wide.matches && details.dataset.filters !== "closed";
  };
  fit();
  wide.addEventListener("change", fit);
  details.querySelector("form").addEventListener("formdata", ({ formData }) => {
    for (const name of emptyNames(formData)) formData.delete(name);
  });
}

export function emptyNames(formData) {
  const names = [...new Set(formData.keys())];
  return names.filter((name) => formData.getAll(name).every((value) => value === ""));
}
