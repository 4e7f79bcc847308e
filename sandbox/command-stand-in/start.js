// Starts the plugin: makes plain node load the TypeScript files of this folder. They are transpiled once and cached by content. The Pulumi engine starts this
// process in every preview, so each millisecond counts. README.md has the measured alternatives.
"use strict";
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { enableCompileCache } = require("node:module");

const kept = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "..", "..", ".cache", "command-stand-in");

// From Node 22 on, V8's compiled code of the libraries is cached as well.
enableCompileCache?.(join(kept, "compiled"));

/** Part of every cached file's name: increase it when the options below change. */
const FORM = "2";

/** The JavaScript of one source file: from the cache, or transpiled and, if the directory is writable, cached for the next start. */
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
      // Several plugins may start at once, so a rename publishes the complete file.
      writeFileSync(`${entry}.${process.pid}`, code);
      renameSync(`${entry}.${process.pid}`, entry);
    } catch {
      // In a read-only checkout every start transpiles again, which is only slower.
    }
    return code;
  }
}

require.extensions[".ts"] = (module, file) => {
  if (dirname(file) !== __dirname) throw new Error(`${file}: only the stand-in's own files are loaded as TypeScript`);
  module._compile(transpiled(file), file);
};

require("./main.ts").main(process.argv.slice(2));
