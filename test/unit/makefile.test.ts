/** The Makefile passes the values of the command line to the programs as the user typed them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(__dirname, "..", "..");
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "makefile-"));
  // This program replaces tsx and records its arguments.
  const note = `for argument; do printf '%s\\0' "$argument"; done >>${directory}/calls; printf '\\001' >>${directory}/calls`;
  writeFileSync(join(directory, "tsx"), `#!/bin/sh\n${note}\n`, { mode: 0o755 });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function make(...args: string[]): ReturnType<typeof makeWith> {
  return makeWith({}, ...args);
}

function makeWith(
  variables: Readonly<Record<string, string>>,
  ...args: string[]
): { readonly status: number | null; readonly calls: readonly string[][] } {
  const options = ["--no-print-directory", "--assume-old=node_modules/.package-lock.json", `tsx=${directory}/tsx`];
  // If `make` runs these tests, it sets variables that would change the inner `make`. They are removed.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^M(AKE|FLAGS)/.test(name)));
  const { status } = spawnSync("make", [...options, ...args], { cwd: project, encoding: "utf8", env: { ...env, ...variables } });
  const file = join(directory, "calls");
  const calls = existsSync(file) ? readFileSync(file, "utf8").split("\u0001").slice(0, -1) : [];
  return { status, calls: calls.map((call) => call.split("\0").slice(0, -1)) };
}

/** Every command-line variable, with a target that takes it and the other variables that this target needs. */
const places: readonly (readonly [target: string, name: string, others: readonly string[]])[] = [
  ...["up", "sandbox", "diagnose", "recover", "plan", "cost", "topology", "report"].map((target) => [target, "STACK", []] as const),
  ["destroy", "STACK", ["CONFIRM=x"]],
  ["destroy", "CONFIRM", ["STACK=x"]],
  ["rebuild", "STACK", ["CONFIRM=x"]],
  ["rebuild", "CONFIRM", ["STACK=x"]],
  ["backend", "BUCKET", ["REGION=x"]],
  ["backend", "REGION", ["BUCKET=x"]],
  ["diagnose", "GATHER", ["STACK=x"]],
  ["plan", "BASE", []],
  ["plan", "HEAD", ["BASE=x"]],
  ["plan", "PLAN", []],
  ["cost", "PLAN", []],
  ["prices", "REGIONS", []],
  ["release", "VERSION", []],
  ["topology", "FORMAT", ["STACK=x"]],
  ["report", "OUT", ["STACK=x"]],
  ["topology", "OUT", ["STACK=x"]],
  ["restore-resources", "STACK", []],
  ["restore-resources", "BACKUP", ["STACK=x"]],
  ["restore-resources", "NAMESPACE", ["STACK=x"]],
  ["restore-resources", "TO", ["STACK=x"]],
  ["smoke", "STACK", []],
  ["destroy", "BACKUPS", ["STACK=x", "CONFIRM=x"]],
  ["rebuild", "BACKUPS", ["STACK=x", "CONFIRM=x"]],
  ["destroy", "INFRA_ID", ["STACK=x", "CONFIRM=x", "BACKUPS=delete"]],
  ["restore-resources", "LOCATION", ["STACK=x"]],
];

const hostile = (trace: string): readonly string[] => [
  `'; touch ${trace}; '`,
  `"; touch ${trace}; "`,
  `$(touch ${trace})`,
  `$(shell touch ${trace})`,
  `$$(touch ${trace})`,
  `\`touch ${trace}\``,
  `; touch ${trace} #`,
  `a  b * ? ~ \\ $HOME \${HOME} $(HOME) # %`,
  `two\nlines`,
];

test("BACKUPS and INFRA_ID in the environment delete nothing, because make takes them only from its command line", () => {
  const exported = { BACKUPS: "delete", INFRA_ID: "other-x1y2z", RESTORE: "1" };
  expect(makeWith(exported, "smoke", "STACK=x").calls).toEqual([["tools/smoke/cli.ts", "--stack", "x"]]);
  expect(makeWith(exported, "destroy", "STACK=x", "CONFIRM=x").calls.at(-1)).toEqual([
    "tools/driver/cli.ts",
    "destroy",
    "--stack",
    "x",
    "--confirm",
    "x",
  ]);
  expect(makeWith(exported, "destroy", "STACK=x", "CONFIRM=x", "BACKUPS=delete").calls.at(-1)).toEqual([
    "tools/driver/cli.ts",
    "destroy",
    "--stack",
    "x",
    "--confirm",
    "x",
    "--backups",
    "delete",
  ]);
});

test.each(places)("make %s passes %s unchanged to the program, whatever the value", (target, name, others) => {
  const trace = join(directory, "trace");
  const values = hostile(trace);
  const results = values.map((value) => make(target, ...others, `${name}=${value}`));
  expect(["a value was executed", existsSync(trace)]).toEqual(["a value was executed", false]);
  expect(results.map(({ status }) => status)).toEqual(values.map(() => 0));
  const calls = results.at(-1)?.calls ?? [];
  expect(calls).toHaveLength(values.length);
  for (const [index, call] of calls.entries()) expect(call).toContain(values[index]);
});

test.each([
  ["recover", [[]]],
  ["up", [["up", "--stack", ""]]],
  ["cost", [[]]],
  ["plan", [[]]],
])("make %s without command-line variables calls its program without values", (target, calls) => {
  expect(make(target).calls.map((call) => call.slice(1))).toEqual(calls);
});

test("a switch such as YES=1 becomes an option of the program", () => {
  expect(make("up", "STACK=dev", "YES=1").calls).toEqual([["tools/driver/cli.ts", "up", "--stack", "dev", "--yes"]]);
});

test("no recipe contains the value of a command-line variable", () => {
  const text = readFileSync(join(project, "Makefile"), "utf8");
  const names = (/^arguments := (.*)$/m.exec(text)?.[1] ?? "").split(" ");
  expect(names.length).toBeGreaterThan(10);
  const recipes = text.split("\n").filter((line) => line.startsWith("\t") || line.startsWith("  "));
  for (const name of names) for (const recipe of recipes) expect(recipe.replaceAll(`$(if $(${name}),`, "")).not.toContain(`$(${name})`);
  // `arguments` lists every variable that the Makefile's help names.
  for (const [, name] of text.matchAll(/\b([A-Z]{2,})=[<1]/g)) expect(names).toContain(name);
});
