// A menu made of <details>: Escape, a click outside and leaving it by keyboard close it.

export function enhanceMenu(details) {
  const button = details.querySelector("summary");
  const close = () => {
    details.open = false;
  };
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    button.focus();
  });
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(relatedTarget)) close();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!details.contains(target)) close();
  });
}
