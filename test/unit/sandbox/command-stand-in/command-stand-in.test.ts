import { selected } from "../../../../sandbox/command-stand-in/glob";
import { difference } from "../../../../sandbox/command-stand-in/difference";
import { checked, INPUTS } from "../../../../sandbox/command-stand-in/inputs";
import { previewed } from "../../../../sandbox/command-stand-in/outputs";
import { secret, UNKNOWN_VALUE, type Properties } from "../../../../sandbox/command-stand-in/value";

/** The functions without side effects in the stand-in for the command plugin. Sources: pulumi/pulumi-command and, as `infer`, pulumi/pulumi-go-provider. */

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const asset = (hash: string, path: string) => ({ [SIGNATURE_KEY]: "c44067f5952c0a294b673a41bacd8c17", hash, path });

describe("path patterns of the command plugin's assets (github.com/gobwas/glob with / as separator)", () => {
  const paths = ["a.js", "b.ts", "src/a.js", "src/deep/a.js", "src/{x}.js", "x-y", "[z]"];
  test.each<[rules: string[], paths: string[]]>([
    [["*.js"], ["a.js"]],
    [["**.js"], ["a.js", "src/a.js", "src/deep/a.js", "src/{x}.js"]],
    [["src/*"], ["src/a.js", "src/{x}.js"]],
    [["src/**"], ["src/a.js", "src/deep/a.js", "src/{x}.js"]],
    [["src/*/a.js"], ["src/deep/a.js"]],
    [["**/a.js"], ["src/a.js", "src/deep/a.js"]],
    [["?.js"], ["a.js"]],
    [["???-?"], []],
    [["?-?"], ["x-y"]],
    [["[ab].?s"], ["a.js", "b.ts"]],
    [["[!a].ts"], ["b.ts"]],
    [["[a-c].js"], ["a.js"]],
    [["*.{js,ts}"], ["a.js", "b.ts"]],
    [["src/\\{x\\}.js"], ["src/{x}.js"]],
    [["\\[z\\]"], ["[z]"]],
    [
      ["**", "!src/**"],
      ["a.js", "b.ts", "x-y", "[z]"],
    ],
    [["!**.js", "a.js"], ["a.js"]],
    [["a"], []],
    [[], []],
  ])("select the same paths as gobwas/glob: %j", (rules, expected) => {
    expect(selected(paths, rules)).toEqual(expected);
  });
});

describe("the diff in the stand-in for the command plugin (infer/resource.go)", () => {
  const names = Object.keys(INPUTS["command:local:Command"]);
  test.each<{ fact: string; state: Properties; inputs: Properties; ignored?: string[]; expected: Record<string, string> }>([
    { fact: "outputs in the state do not count", state: { create: "a", stdout: "x" }, inputs: { create: "a" }, expected: {} },
    { fact: "a changed input", state: { create: "a" }, inputs: { create: "b" }, expected: { create: "update" } },
    { fact: "an added one", state: {}, inputs: { delete: "a" }, expected: { delete: "add" } },
    { fact: "a removed one", state: { update: "a" }, inputs: {}, expected: { update: "delete" } },
    { fact: "null means the same as absent", state: { update: null }, inputs: {}, expected: {} },
    {
      fact: "members by path",
      state: { environment: { A: "1", B: "2", "x.y": "1" }, triggers: [1, 2] },
      inputs: { environment: { A: "2", C: "3", "x.y": "2" }, triggers: [1, 3, 4] },
      expected: {
        "environment.A": "update",
        "environment.B": "delete",
        "environment.C": "add",
        'environment["x.y"]': "update",
        "triggers[1]": "update",
        "triggers[2]": "add",
      },
    },
    { fact: "a list that gets shorter", state: { triggers: [1, 2] }, inputs: { triggers: [1] }, expected: { "triggers[1]": "delete" } },
    { fact: "a value that becomes secret", state: { stdin: "a" }, inputs: { stdin: secret("a") }, expected: { stdin: "update" } },
    { fact: "equal secrets", state: { stdin: secret("a") }, inputs: { stdin: secret("a") }, expected: {} },
    { fact: "an unknown value", state: { stdin: "a" }, inputs: { stdin: UNKNOWN_VALUE }, expected: { stdin: "update" } },
    { fact: "assets by hash", state: { triggers: [asset("1", "a")] }, inputs: { triggers: [asset("1", "b")] }, expected: {} },
    {
      fact: "assets with other content",
      state: { triggers: [asset("1", "a")] },
      inputs: { triggers: [asset("2", "a")] },
      expected: { "triggers[0]": "update" },
    },
    { fact: "ignored changes", state: { create: "a" }, inputs: { create: "b" }, ignored: ["create"], expected: {} },
  ])("has the real plugin's answer: $fact", ({ state, inputs, ignored, expected }) => {
    expect(Object.fromEntries(difference(names, state, inputs, ignored))).toEqual(expected);
  });
});

describe("the check of inputs in the stand-in for the command plugin", () => {
  test.each<{ type: keyof typeof INPUTS; fact: string; given: Properties; inputs?: Properties; failures?: string[] }>([
    {
      type: "command:local:Command",
      fact: "earlier output is passed on by default (local/base.go)",
      given: { create: "a" },
      inputs: { create: "a", addPreviousOutputInEnv: true },
    },
    {
      type: "command:local:Command",
      fact: "false stays false",
      given: { addPreviousOutputInEnv: false },
      inputs: { addPreviousOutputInEnv: false },
    },
    { type: "command:local:Command", fact: "unknown names are refused", given: { crate: "a" }, failures: ["Unrecognized field 'crate'"] },
    {
      type: "command:local:Command",
      fact: "shapes are checked, under secrets too",
      given: { create: secret(1), interpreter: ["sh", 2], environment: { A: UNKNOWN_VALUE, B: 1 } },
      failures: [
        "Field 'environment': expected map of strings",
        "Field 'interpreter': expected list of strings",
        "Field 'create': expected string",
      ],
    },
    { type: "command:local:run", fact: "required inputs", given: {}, failures: ["Missing required field 'command'"] },
    {
      type: "command:remote:Command",
      fact: "a connection gets its defaults and is secret (provider/tests, issue 248)",
      given: { connection: { host: "h", proxy: secret({ host: "p", port: 2222 }) }, addPreviousOutputInEnv: true },
      inputs: {
        connection: secret({
          host: "h",
          user: "root",
          port: 22,
          dialErrorLimit: 10,
          perDialTimeout: 15,
          proxy: secret({ host: "p", port: 2222, user: "root", dialErrorLimit: 10, perDialTimeout: 15 }),
        }),
        addPreviousOutputInEnv: true,
      },
    },
    {
      type: "command:remote:Command",
      fact: "a connection that is not known yet passes",
      given: { connection: secret(UNKNOWN_VALUE), addPreviousOutputInEnv: true },
      inputs: { connection: secret(UNKNOWN_VALUE), addPreviousOutputInEnv: true },
    },
    {
      type: "command:remote:Command",
      fact: "a host is required",
      given: { connection: { user: "a" } },
      failures: ["Missing required field 'connection.host'"],
    },
    {
      type: "command:remote:CopyToRemote",
      fact: "a source must be an asset or an archive",
      given: { connection: { host: "h" }, remotePath: "/", source: "file" },
      failures: ["Field 'source': expected asset or archive"],
    },
  ])("for a $type: $fact", ({ type, given, inputs, failures = [] }) => {
    const result = checked(INPUTS[type], given);
    expect(result.failures.map(({ reason }) => reason)).toEqual(failures);
    if (inputs) expect(result.inputs).toEqual(inputs);
  });
});

test("a preview knows outputs that have the name of an input, and no others (infer/resource.go, markComputed)", () => {
  const shown = previewed({ a: "1", out: "x" }, { a: "1" }, ["a"], { kind: "create" });
  expect(shown).toEqual({ a: "1", out: UNKNOWN_VALUE });
});
