// The filters of a list: open beside the list where there is room, closed above it where not, and
// sent without the fields nobody filled in, so that addresses stay short enough to read.

export function enhanceFilters(details) {
  const wide = window.matchMedia("(width >= 960px)");
  const fit = () => {
    details.open = wide.matches || details.dataset.filters === "open";
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
