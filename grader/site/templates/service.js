// Keeps the site on this computer, so that it works without a network, and guards three promises:
//   * a version is taken over whole or not at all (every file has its hash; an update waits until the page asks);
//   * Pyodide's files are those that were pinned;
//   * nothing but this site and Pyodide's host is ever asked for anything.
// It adds the headers that let the page share memory with its worker, so that an endless loop can be stopped.

const SITE = "@SITE@";

const HERE = self.registration.scope;
const PYODIDE = new URL(SITE.pyodide.url, HERE).href;
// Other sites of the same kind may live on the same host.
const OURS = `kata ${HERE} `;
const FILES = OURS + SITE.version;
const PYTHON = OURS + "python";
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

self.addEventListener("install", (event) => {
  // At the first visit nothing holds the page up; an update is fetched whole before it is offered.
  if (self.registration.active) event.waitUntil(keepFiles());
  else self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data === "keep") event.waitUntil(keepAll(event.source));
});

self.addEventListener("fetch", (event) => {
  const { url } = event.request;
  if (url.startsWith(PYODIDE))
    event.respondWith(fromPyodide(url.slice(PYODIDE.length).split("?")[0]));
  else if (url.startsWith(HERE)) event.respondWith(fromSite(event.request));
  else if (new URL(url).origin !== self.location.origin)
    event.respondWith(Response.error());
});

async function begin() {
  const wanted = Object.keys(SITE.pyodide.files).map((name) => PYODIDE + name);
  const python = await caches.open(PYTHON);
  for (const request of await python.keys())
    if (!wanted.includes(request.url)) await python.delete(request);
  for (const name of await caches.keys())
    if (name.startsWith(OURS) && name !== FILES && name !== PYTHON)
      await caches.delete(name);
  await self.clients.claim();
}

async function keepFiles() {
  const cache = await caches.open(FILES);
  await Promise.all(
    Object.keys(SITE.files).map((name) =>
      kept(cache, HERE + name, SITE.files[name]),
    ),
  );
}

async function keepAll(page) {
  try {
    await keepFiles();
    // The others, matplotlib's, are kept from the first picture on that asks for them.
    for (const name of SITE.pyodide.always) await fromPyodide(name);
    page.postMessage("kept");
  } catch {
    page.postMessage("not kept");
  }
}

// The file from the cache, else from the network if its hash is right, and then into the cache.
async function kept(cache, url, hash) {
  const found = await cache.match(url);
  if (found) return found;
  const options = {
    integrity: `sha256-${hash}`,
    cache: "no-cache",
    credentials: "omit",
  };
  const answer = await fetch(url, options);
  if (answer.ok) await cache.put(url, answer.clone()).catch(() => {}); // a full disk: the network serves
  return answer;
}

async function fromPyodide(name) {
  const hash = SITE.pyodide.files[name];
  if (!hash) return Response.error();
  return isolated(await kept(await caches.open(PYTHON), PYODIDE + name, hash));
}

async function fromSite(request) {
  const name = request.url.slice(HERE.length).split(/[?#]/)[0] || "index.html";
  const hash = SITE.files[name];
  if (!hash) return isolated(await fetch(request));
  const cache = await caches.open(FILES);
  try {
    return isolated(await kept(cache, HERE + name, hash));
  } catch {
    // The host has a newer version already: its files go together, and its service worker will follow.
    return isolated(await fetch(request, { cache: "no-cache" }));
  }
}

function isolated(answer) {
  if (answer.type === "error") return answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(ISOLATED))
    headers.set(name, value);
  return new Response(answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
  });
}
