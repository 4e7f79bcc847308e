const { readFileSync } = require("node:fs");
const Sequencer = require("@jest/test-sequencer").default;

/** Imports of a test file that uses the API server which the files of a worker share. */
const USES_SHARED_SERVER = /from "\.\/(?:shared-server|platform-project)"/;

/**
 * Runs the tests that share an API server last. A shared API server needs 0.6 GB until its worker ends, so it must not run beside the
 * sandboxes of the other tests.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const sharesServer = ({ path }) => USES_SHARED_SERVER.test(readFileSync(path, "utf8"));
    const sorted = super.sort(tests);
    return [...sorted.filter((test) => !sharesServer(test)), ...sorted.filter(sharesServer)];
  }
};
