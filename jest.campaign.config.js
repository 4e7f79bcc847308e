// Engine tests that take long and look at one thing each: not part of every run.
module.exports = {
  ...require("./jest.engine.config.js"),
  testMatch: ["<rootDir>/test/campaign/**/*.test.ts"],
};
