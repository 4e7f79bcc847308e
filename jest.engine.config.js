// Tests that start the real engine, the real plugins or the emulated AWS: minutes, not milliseconds.
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  testTimeout: 15 * 60_000,
  // Most of the time is the provider's waits: three files at a time, however few the cores.
  maxWorkers: 3,
  testSequencer: "<rootDir>/test/engine/sequencer.js",
};
