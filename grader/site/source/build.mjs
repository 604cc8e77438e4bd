// Bundles source/page/main.js with its libraries into templates/page.js, and writes pyodide.json from the pinned npm
// package: version, hashes of the core files, and the part of the lock file that the page may load.
// With --check nothing is written, and a difference is an error.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
const WANTED = ["numpy", "matplotlib"];
const here = (name) => new URL(name, import.meta.url);

function pins() {
  const from = (name) => readFileSync(here(`node_modules/pyodide/${name}`));
  const { version } = JSON.parse(from("package.json"));
  const lock = JSON.parse(from("pyodide-lock.json"));
  const core = Object.fromEntries(
    CORE.map((name) => [
      name,
      { sha256: createHash("sha256").update(from(name)).digest("hex"), size: from(name).length },
    ]),
  );
  const packages = {};
  for (const waiting = [...WANTED]; waiting.length;) {
    const name = waiting.shift();
    if (packages[name]) continue;
    packages[name] = lock.packages[name];
    waiting.push(...lock.packages[name].depends);
  }
  const url = `https://cdn.jsdelivr.net/pyodide/v${version}/full/`;
  return JSON.stringify({ version, url, core, lock: { info: lock.info, packages } }, null, 1) + "\n";
}

async function bundle() {
  const options = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none" };
  const entry = { entryPoints: [here("page/main.js").pathname], write: false, metafile: true };
  const { outputFiles, metafile } = await build({ ...options, ...entry });
  return [outputFiles[0].text, licences(Object.keys(metafile.inputs))];
}

// The licences of everything in the bundle, as they ask for.
function licences(inputs) {
  const names = inputs.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean);
  const texts = [...new Set(names)].sort().map((name) => {
    const text = readFileSync(here(`node_modules/${name}/LICENSE`), "utf-8").trim();
    return `${name}\n\n${text}\n`;
  });
  return `page.js contains:\n\n${texts.join("\n---\n\n")}`;
}

const [page, licence] = await bundle();
const made = { "../templates/page.js": page, "../templates/licences.txt": licence, "../pyodide.json": pins() };
for (const [name, text] of Object.entries(made)) {
  if (!process.argv.includes("--check")) writeFileSync(here(name), text);
  else if (readFileSync(here(name), "utf-8") !== text) {
    console.error(`${name} is not what its sources say. Run: make page`);
    process.exitCode = 1;
  }
}
