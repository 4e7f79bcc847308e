// Unit and component tests: no engine, no sandbox. The engine tests have a configuration of their own (jest.engine.config.js).

/** Packages that are ES modules only, which jest can't require before Node.js 24.9: GitHub's client and its dependencies. */
const modules = "@octokit|before-after-hook|universal-user-agent";

module.exports = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
    [`/node_modules/(${modules})/.+\\.js$`]: ["@swc/jest", { jsc: { target: "es2022" } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${modules})/)`],
  testMatch: ["<rootDir>/test/unit/**/*.test.ts", "<rootDir>/test/component/**/*.test.ts", "<rootDir>/test/browser/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/.sandbox/"],
  setupFiles: ["<rootDir>/test/clean-environment.ts"],
  testTimeout: 60_000, // a key of 4096 bits alone takes longer than jest's 5 s on a busy machine
  // A worker keeps memory of every file that it has run (7 GB at the end); above this size jest replaces it after a file.
  workerIdleMemoryLimit: "1500MB",
  maxWorkers: "100%", // by itself jest leaves one core alone: half the speed of a small machine
  // The engine tests' copies of this project would be mistaken for it.
  modulePathIgnorePatterns: ["<rootDir>/.sandbox/"],
};
