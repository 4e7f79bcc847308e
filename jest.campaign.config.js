// Long proofs on whole installations: what breaks one, what kills one, what it leaves behind. One at a time, each in a sandbox of its own.
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/test/campaign/**/*.test.ts"],
  testTimeout: 30 * 60_000,
  maxWorkers: 1,
};
