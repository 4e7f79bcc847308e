// Whole clusters in configurations of their own: more minutes than every change should cost. Run by `make campaign`.
module.exports = {
  ...require("./jest.engine.config.js"),
  testMatch: ["<rootDir>/test/campaign/**/*.test.ts"],
  testTimeout: 20 * 60_000,
  maxWorkers: 1,
};
