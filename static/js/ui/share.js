// Share a page: copy its address, or hand it to the system's own sheet where there is one.
// The address and the QR code stand on the page without this module.

export function enhanceShare(root, { clipboard, share } = browserWays()) {
  const { title, address } = root.dataset;
  const done = root.querySelector("[data-done]");
  const copy = root.querySelector("[data-share-copy]");
  const send = root.querySelector("[data-share-send]");
  if (clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const copied = await clipboard(address).then(() => true, () => false);
      done.textContent = copied ? done.dataset.done : done.dataset.failed;
    });
  }
  if (share) {
    send.hidden = false;
    // A visitor who closes the sheet has changed their mind; that is no error.
    send.addEventListener("click", () => share({ title, url: address }).catch(() => {}));
  }
}

function browserWays() {
  const { clipboard } = navigator;
  return {
    clipboard: clipboard && ((text) => clipboard.writeText(text)),
    share: navigator.share && ((what) => navigator.share(what)),
  };
}
