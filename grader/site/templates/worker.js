// The page's Python. Runs Pyodide and, in it, the kit's own code (grader/site/inside.py).
//
//     page --{id, request, ...}--> here --> Python
//          <--{id, answer} or {id, fault}; {loading: {done, total}}, {begun: check}, {frame: ...} on the way--
//
// One request at a time. The page ends this worker when it neither answers nor says that it is alive.

let pyodide, inside, config;
const loaded = new Set();
// Installed at home for every kata; here they are fetched when a kata, or the student's own file, asks for them.
const MAY_IMPORT = /\b(numpy|tqdm|rich)\b/;

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({
      id: data.id,
      answer: await REQUESTS[data.request](data),
    });
  } catch (problem) {
    self.postMessage({
      id: data.id,
      fault: String(problem.message ?? problem),
      type: problem.type ?? problem.name,
    });
  }
};

const REQUESTS = {
  async start(request) {
    config = request.config;
    await fetchAll([
      ...Object.entries(config.core).map(([name, size]) => [
        config.url + name,
        size,
      ]),
      ...config.zips,
    ]);
    const { loadPyodide } = await import(config.url + "pyodide.mjs");
    pyodide = await loadPyodide({
      indexURL: config.url,
      packageBaseUrl: config.url,
      lockFileURL: config.lock,
      env: {
        HOME: "/home/pyodide",
        PYTHONDONTWRITEBYTECODE: "1",
        MPLBACKEND: "svg",
      },
    });
    await unpack("kit.zip", site());
    await unpack("katas.zip", "/katas");
    if (request.interrupt) pyodide.setInterruptBuffer(request.interrupt);
    const { deadline } = request;
    inside = pyodide
      .pyimport("grader.site.inside")
      .Inside(deadline ? (until) => void (deadline[0] = until) : null);
    inside.warm(request.kata);
  },

  async check({ name, source, needs }) {
    if (needs === "np" || MAY_IMPORT.test(source)) await numpy();
    const answer = inside.check(name, source, (check) =>
      self.postMessage({ begun: check }),
    );
    return JSON.parse(answer);
  },

  async draw({ name, source }) {
    await numpy();
    let drawn = inside.draw(name, source);
    if (!drawn) {
      // A picture of another bank, which asks for more than the kit draws by itself.
      await packages("matplotlib");
      drawn = inside.draw(name, source);
    }
    return JSON.parse(drawn);
  },

  async lecture() {
    await numpy();
    return JSON.parse(inside.lecture());
  },

  async train({ settings }) {
    await numpy();
    const show = (epoch, first, weights, loss) => {
      const frame = {
        epoch,
        first,
        weights: floats(weights),
        loss: floats(loss),
      };
      self.postMessage({ frame }, [frame.weights.buffer, frame.loss.buffer]);
    };
    return JSON.parse(inside.train(JSON.stringify(settings), show));
  },
};

// The bytes that Python gave, as a Float32Array of the page's own.
function floats(bytes) {
  const copy = bytes.toJs().slice();
  bytes.destroy();
  return new Float32Array(copy.buffer);
}

async function numpy() {
  await packages("numpy");
  if (loaded.has("later.zip")) return;
  await unpack("later.zip", site());
  loaded.add("later.zip");
}

async function packages(name) {
  if (loaded.has(name)) return;
  // The page knows these words: Python itself is well, and goes on.
  const missing = `${name}: no network, and not kept on this computer`;
  const files = config.packages[name].map((file) => [config.url + file, 0]);
  await fetchAll(files).catch(() => Promise.reject(new Error(missing)));
  await pyodide.loadPackage(name, {
    messageCallback: () => {},
    errorCallback: () => {},
  });
  if (!pyodide.loadedPackages[name]) throw new Error(missing);
  loaded.add(name);
}

const site = () => pyodide.runPython("import site; site.getsitepackages()[0]");

async function unpack(name, folder) {
  const answer = await fetch(new URL(name, self.location));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  pyodide.FS.mkdirTree(folder);
  pyodide.unpackArchive(await answer.arrayBuffer(), "zip", {
    extractDir: folder,
  });
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

// Reads files once, so that the page can show how far it is; Pyodide finds them in the cache.
async function fetchAll(files) {
  const total = files.reduce((sum, [, size]) => sum + size, 0);
  let done = 0;
  const tell = () => self.postMessage({ loading: { done, total } });
  tell();
  await Promise.all(
    files.map(async ([url]) => {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      for (const reader = answer.body.getReader(); ;) {
        const part = await reader.read();
        if (part.done) break;
        done += part.value.length;
        tell();
      }
    }),
  );
}
