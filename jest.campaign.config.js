// Whole installations and what else takes minutes by itself: run by `make campaign`, not by `make test`.
module.exports = {
  ...require("./jest.engine.config.js"),
  testMatch: ["<rootDir>/test/campaign/**/*.test.ts"],
  testTimeout: 30 * 60_000,
  maxWorkers: 1,
};
