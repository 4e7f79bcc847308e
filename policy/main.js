// Entry point of the pack for the Pulumi engine. Pulumi's ts-node needs a second to compile the pack; esbuild needs a tenth of that.
const { join } = require("node:path");
const { buildSync } = require("esbuild");
const options = { bundle: true, write: false, platform: "node", packages: "external", target: "node20" };
const { outputFiles } = buildSync({ ...options, entryPoints: [join(__dirname, "index.ts")] });
module._compile(outputFiles[0].text, join(__dirname, "index.js"));
