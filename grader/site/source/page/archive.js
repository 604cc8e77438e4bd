// The work as a zip of the form that `kata grade` takes (exercises/02_gates/gates.py), and back.

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { site } from "./words.js";

export function pack(texts) {
  const files = {};
  for (const kata of site.katas) files[`exercises/${kata.name}/${kata.file}`] = strToU8(texts[kata.name]);
  return zipSync(files, { mtime: new Date(2026, 0, 1) });
}

// Texts by kata of a zip, or of a single .py or .toml file; {} if nothing in it is a kata's file.
export function unpack(name, bytes) {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const files = isZip ? unzipSync(bytes) : { [name]: bytes };
  const found = {};
  for (const kata of site.katas) {
    const fits = (path) => path.split("/").at(-1) === kata.file && !path.startsWith("__MACOSX/");
    const paths = Object.keys(files).filter(fits);
    const path = paths.find((one) => one.split("/").at(-2) === kata.name) ?? paths[0];
    if (path)
      found[kata.name] = strFromU8(files[path])
        .replace(/\r\n?/g, "\n")
        .replace(/^\ufeff/, "");
  }
  return found;
}
