/** The place to which commands write their output: standard output, or the file that OUT= names. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseUnwritable, writeOutput } from "../../../lib/output-file";
import { readArguments as readReportArguments } from "../../../tools/report/cli";
import { readArguments as readTopologyArguments } from "../../../tools/topology/cli";

const project = join(__dirname, "..", "..", "..");
let directory: string;
const file = (...names: readonly string[]) => join(directory, ...names);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "output-file-"));
  mkdirSync(file("empty"));
  writeFileSync(file("text"), "before");
  const role = { type: "aws:iam/role:Role", urn: "urn:pulumi:dev::okd-aws::aws:iam/role:Role::master", outputs: {} };
  writeFileSync(file("state.json"), JSON.stringify({ version: 3, deployment: { resources: [role] } }));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

test.each([
  [
    "in a directory that does not exist",
    ["missing", "report.html"],
    /^Problem: OUT=\S+: the directory \S+\/missing does not exist\.\nFix: Create it/,
  ],
  ["that is a directory", ["empty"], /^Problem: OUT=\S+: this is a directory\.\nFix: Name a file in it/],
  ["below a file", ["text", "report.html"], /^Problem: OUT=\S+: \S+\/text is not a directory\.\nFix: /],
])("an output file %s is refused with a fix", (_, names, message) => {
  expect(() => {
    refuseUnwritable(file(...names));
  }).toThrow(message);
});

test.each(["", "/dev/stdout", "picture.svg"])("OUT=%s is accepted", (out) => {
  expect(() => {
    refuseUnwritable(out);
  }).not.toThrow();
});

test("an output file is readable only by its owner, even if it replaces another", () => {
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  writeOutput(file("text"), "after");
  expect(write).toHaveBeenCalledWith(`Written: ${file("text")}\n`);
  write.mockRestore();
  expect(readFileSync(file("text"), "utf8")).toBe("after");
  expect(statSync(file("text")).mode & 0o777).toBe(0o600);
});

test("topology and report accept --out", () => {
  expect(readTopologyArguments(["--stack", "dev", "--out", "x.svg"])).toMatchObject({ out: "x.svg" });
  expect(readReportArguments(["--stack", "dev", "--out", "x.html"])).toMatchObject({ out: "x.html" });
});

describe.each(["topology", "report"])("make %s", (command) => {
  const run = (out: string) =>
    spawnSync(join(project, "node_modules", ".bin", "tsx"), [`tools/${command}/cli.ts`, "--state", file("state.json"), "--out", out], {
      cwd: project,
      encoding: "utf8",
    });

  test("writes its file, and nothing to standard output", () => {
    const { stdout, stderr, status } = run(file("empty", "made"));
    expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: `Written: ${file("empty", "made")}\n`, status: 0 });
    expect(readFileSync(file("empty", "made"), "utf8")).not.toBe("");
    rmSync(file("empty", "made"));
  });

  test("reports in one message that it cannot write the file", () => {
    const { stdout, stderr, status } = run(file("missing", "made"));
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toMatch(/^Problem: OUT=[^\n]+ does not exist\.\nFix: [^\n]+\n$/);
    expect(readdirSync(directory)).not.toContain("missing");
  });
});
