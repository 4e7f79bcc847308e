import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".sandbox/", "**/*.js", "**/*.mjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.check.json" } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true }],
    },
  },
  // The product never reaches into its sandbox.
  {
    files: ["index.ts", "stacks/**/*.ts", "components/**/*.ts", "steps/**/*.ts", "tools/**/*.ts", "lib/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/sandbox/**"] }] },
  },
  // Pure logic imports no Pulumi either, so that it can be tested in milliseconds and read without knowing the engine.
  {
    files: ["ignition/**/*.ts", "config/**/*.ts", "cluster-objects/**/*.ts", "policy/*.ts", "policy/rules/**/*.ts"],
    ignores: ["policy/index.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/sandbox/**", "@pulumi/*"] }] },
  },
  // A component's constructor is its whole effect.
  { files: ["stacks/**/*.ts", "components/**/*.ts"], rules: { "no-new": "off" } },
);
