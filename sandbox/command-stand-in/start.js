// Starts the plugin: lets plain node load the TypeScript files of this folder, transpiled once and kept by content.
// The engine starts this process in every preview, so each millisecond counts; README.md has the figures of the alternatives.
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { enableCompileCache } = require("node:module");

const kept = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "..", "..", ".cache", "command-stand-in");

// From Node 22 on, what V8 made of the libraries is kept as well.
enableCompileCache?.(join(kept, "compiled"));

/** Part of every kept file's name: raise it when the options below change. */
const FORM = "2";

/** The JavaScript of one source file: from the cache, or transpiled and, where the folder can be written to, kept for the next start. */
function transpiled(file) {
  const source = readFileSync(file, "utf8");
  const entry = join(kept, `${createHash("sha256").update(FORM).update(file).update(source).digest("hex").slice(0, 32)}.js`);
  try {
    return readFileSync(entry, "utf8");
  } catch {
    const { code } = require("@swc/core").transformSync(source, {
      filename: file,
      configFile: false,
      swcrc: false,
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    try {
      mkdirSync(kept, { recursive: true });
      // Several plugins may start at once: a file appears under its name only when it is complete.
      writeFileSync(`${entry}.${process.pid}`, code);
      renameSync(`${entry}.${process.pid}`, entry);
    } catch {
      // A read-only checkout transpiles again each time: slower, and right all the same.
    }
    return code;
  }
}

require.extensions[".ts"] = (module, file) => {
  if (dirname(file) !== __dirname) throw new Error(`${file}: only the stand-in's own files are loaded as TypeScript`);
  module._compile(transpiled(file), file);
};

require("./main.ts").main(process.argv.slice(2));
