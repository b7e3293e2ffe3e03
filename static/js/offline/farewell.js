/* What /sw.js is where nothing is kept (GEOPORTAL_OFFLINE): browsers that had the worker come for a
   newer one, get this, and are rid of it and of all that it kept. */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith("geoportal-")) await caches.delete(name);
  }
  await self.registration.unregister();
}
