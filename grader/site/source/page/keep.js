// The service worker from the page's side: register it, take over a new version, be isolated, be complete offline.

const RELOADED = "kata reloaded";

// Resolves when the page may go on; reloads it if that is needed. `offer` is called when a newer version waits.
export async function takeService(offer) {
  if (!("serviceWorker" in navigator)) return null;
  try {
    const { serviceWorker } = navigator;
    const first = !serviceWorker.controller;
    const registration = await serviceWorker.register("service.js", { updateViaCache: "none" });
    // A version that was fetched at an earlier visit: nothing is on the screen yet, so take it now.
    if (registration.waiting && !first) {
      registration.waiting.postMessage("take over");
      await changed(serviceWorker);
      return reload();
    }
    await serviceWorker.ready;
    if (!globalThis.crossOriginIsolated && !sessionStorage.getItem(RELOADED)) {
      sessionStorage.setItem(RELOADED, "yes");
      return reload();
    }
    sessionStorage.removeItem(RELOADED);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => coming.state === "installed" && offer(() => take(coming)));
    });
    if (!first) serviceWorker.addEventListener("controllerchange", () => offer(() => location.reload()));
    registration.update().catch(() => {});
    return registration;
  } catch {
    return null; // forbidden here: everything works but the network is needed
  }
}

async function take(worker) {
  worker.postMessage("take over");
  await changed(navigator.serviceWorker);
  location.reload();
}

function changed(serviceWorker) {
  return new Promise((resolve) => {
    serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, 3000);
  });
}

function reload() {
  location.reload();
  return new Promise(() => {});
}

// Fetches what is not here yet; resolves to true when everything works without a network.
export function keepEverything() {
  const { serviceWorker } = navigator;
  if (!serviceWorker?.controller) return Promise.resolve(false);
  return new Promise((resolve) => {
    serviceWorker.addEventListener("message", ({ data }) => resolve(data === "kept"), { once: true });
    serviceWorker.controller.postMessage("keep");
  });
}
