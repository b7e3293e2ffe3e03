// What the pages beside the map gain from scripts; all of them work without.
import { enhanceFilters } from "./ui/filters.js";
import { enhanceCompare } from "./ui/compare.js";
import { enhanceMenu } from "./ui/menu.js";
import { enhanceShare } from "./ui/share.js";

document.querySelectorAll("[data-share]").forEach((root) => enhanceShare(root));
document.querySelectorAll("[data-filters]").forEach((root) => enhanceFilters(root));
document.querySelectorAll("details.menu, details.site-menu").forEach((root) => enhanceMenu(root));
document.querySelectorAll("[data-compare]").forEach((root) => enhanceCompare(root));
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
