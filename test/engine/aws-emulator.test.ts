import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";

const run = promisify(execFile);
const tests = resolve(__dirname, "../../sandbox/aws/test");

/**
 * Runs the Python tests in `sandbox/aws/test`. They use AWS's own client, and compare each correction to moto with AWS's documented answer.
 */
describe("the emulated AWS", () => {
  const directory = mkdtempSync(join(tmpdir(), "aws-emulator-"));
  let aws: EmulatedAws | undefined;

  beforeAll(async () => {
    const image = { id: "ami-0123456789abcdef0", name: "scos-9.0-x86_64", architecture: "x86_64" as const, owner: "531415883065" };
    const { tools } = await ensureToolchain(["moto"]);
    aws = await startAws({ directory, python: tools.moto, seed: { images: { "us-east-1": [image] }, zones: ["example.com"] } });
  });

  afterAll(async () => {
    await aws?.stop();
    rmSync(directory, { recursive: true });
  });

  it("answers as AWS does in every test of sandbox/aws/test", async () => {
    if (aws === undefined) throw new Error("the emulated AWS did not start");
    const environment = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...aws.environment,
      PYTHONDONTWRITEBYTECODE: "1",
      AWS_EMULATOR_DIRECTORY: directory, // where faults are declared
    };
    const { stdout } = await run(aws.python, [join(tests, "run.py")], { cwd: tests, env: environment }).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(stdout + stderr);
    });
    const passed = Number(/^(\d+) passed$/m.exec(stdout)?.[1]);
    console.log(`${passed} tests of the emulated AWS passed`);
    expect(passed).toBeGreaterThanOrEqual(77);
  });
});
