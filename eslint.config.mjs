import { readFileSync } from "node:fs";
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** The folders that a folder may import besides itself: docs/architecture.md, "Folders". */
const mayImport = {
  lib: [],
  config: ["lib"],
  "cluster-objects": ["config", "lib"],
  ignition: ["cluster-objects", "config", "lib"],
  policy: ["ignition", "config", "lib"],
  steps: ["ignition", "cluster-objects", "config", "lib"],
  tools: ["policy", "steps", "ignition", "cluster-objects", "config", "lib"],
  components: ["steps", "ignition", "cluster-objects", "config", "lib"],
  stacks: ["components", "steps", "ignition", "cluster-objects", "config", "lib"],
  sandbox: ["tools", "config", "lib"],
};

const folders = [...Object.keys(mayImport), "test"];

const zones = Object.entries({ ...mayImport, "index.ts": ["stacks"] }).map(([folder, allowed]) => ({
  target: `./${folder}`,
  from: folders.filter((other) => other !== folder && !allowed.includes(other)).map((other) => `./${other}`),
  message: `${folder} may import ${allowed.length === 0 ? "only itself" : allowed.map((other) => `${other}/`).join(", ")} (docs/architecture.md, "Folders").`,
}));

/** The entry points of the sandbox, which is a package: sandbox/README.md. */
const { exports: sandboxExports } = JSON.parse(readFileSync(new URL("sandbox/package.json", import.meta.url), "utf8"));
const entryPoints = Object.keys(sandboxExports).flatMap((name) => (name === "." ? [] : name.slice("./".length)));

export default tseslint.config(
  { ignores: ["node_modules/", ".sandbox/", "**/*.js", "**/*.mjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".json"] })] },
    languageOptions: { parserOptions: { project: "./tsconfig.check.json" } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "import-x/no-restricted-paths": ["error", { zones }],
      // Only for paths to the sandbox: the folder of the policy pack has a package.json, too, but belongs to the program.
      "import-x/no-relative-packages": ["error", { commonjs: true, ignore: ["^(?!(.*/)?sandbox(/|$))"] }],
      // Not the rule without "@typescript-eslint/": some folders below have their own options for it, which would replace these.
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^@okd-aws/sandbox/(?!(${entryPoints.join("|")})$)`,
              message: "This is not an entry point of the sandbox: see sandbox/README.md.",
            },
          ],
        },
      ],
    },
  },
  // The sandbox's own files and their unit tests import each other by paths. By the package's name, a copy of the project whose node_modules is a link would
  // get the files of the linked project.
  {
    files: ["sandbox/**/*.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: ["@okd-aws/*"] }] },
  },
  { files: ["sandbox/**/*.ts", "test/unit/sandbox/**/*.ts"], rules: { "import-x/no-relative-packages": "off" } },
  // Pure logic imports no Pulumi, so that it can be tested in milliseconds and read without knowing the engine.
  {
    files: [
      "ignition/**/*.ts",
      "config/**/*.ts",
      "cluster-objects/**/*.ts",
      "lib/openshift/**/*.ts",
      "policy/*.ts",
      "policy/rules/**/*.ts",
    ],
    ignores: ["policy/index.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@pulumi/*"] }] },
  },
  // What the schema consists of imports nothing that imports the schema: docs/architecture.md, "config/".
  {
    files: ["config/schema.ts", "config/key.ts", "config/field.ts", "config/*/keys.ts", "config/*/fields.ts", "config/*/*-fields.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@pulumi/*"] },
            {
              group: ["**/schema", "**/rule", "**/rules", "**/*-rules", "**/settings", "**/configuration"],
              message: "Keys and fields import neither rules nor settings, whose types come from the schema.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["config/*/settings.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@pulumi/*", "**/rules", "**/*-rules"] }] },
  },
  // A describe block is a list of tests.
  { files: ["test/**/*.ts", "sandbox/aws/test/**/*.ts"], rules: { "max-lines-per-function": "off" } },
  // A component's constructor is its whole effect.
  { files: ["stacks/**/*.ts", "components/**/*.ts"], rules: { "no-new": "off" } },
);
