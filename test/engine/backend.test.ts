import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EmulatedAws, startAws } from "../../sandbox/aws";
import { projectDirectory } from "../../sandbox/sandbox";
import { ensureToolchain } from "../../sandbox/toolchain";

const run = promisify(execFile);

/** `make backend` against the emulated AWS, by the program that it starts. */
describe("a team's backend", () => {
  const directory = mkdtempSync(join(tmpdir(), "backend-"));
  let python: string;
  let aws: EmulatedAws;

  beforeAll(async () => {
    python = (await ensureToolchain(["moto"])).tools.moto;
    aws = await startAws({ directory, python, seed: { images: {}, zones: [] } });
  }, 120_000);
  afterAll(async () => {
    await aws.stop();
    rmSync(directory, { recursive: true });
  });

  const environment = () => ({ PATH: process.env.PATH, ...aws.environment });
  const make = (...args: string[]) =>
    run(join(projectDirectory, "node_modules/.bin/tsx"), [join(projectDirectory, "operations/backend/cli.ts"), ...args], {
      env: environment(),
    });
  const boto = async (expression: string): Promise<unknown> => {
    const script = `import boto3, json\nclient = lambda name: boto3.client(name, region_name="eu-central-1")\nprint(json.dumps(${expression}, default=str))`;
    return JSON.parse((await run(python, ["-c", script], { env: environment() })).stdout) as unknown;
  };
  const wanted = ["--bucket", "example-okd-state", "--region", "eu-central-1"];

  test("a dry run makes nothing", async () => {
    const { stdout } = await make(...wanted, "--dry-run");
    expect(stdout).toContain("would make, in account 123456789012, eu-central-1: bucket example-okd-state");
    expect(await boto('client("s3").list_buckets()["Buckets"]')).toEqual([]);
  });

  test("is private, encrypted with its own key, and keeps former versions; a second run changes nothing", async () => {
    const first = JSON.parse((await make(...wanted, "--json")).stdout) as Record<string, unknown>;
    const second = JSON.parse((await make(...wanted, "--json")).stdout) as Record<string, unknown>;
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      url: "s3://example-okd-state?region=eu-central-1",
      secretsProvider: "awskms://alias/example-okd-state?region=eu-central-1",
    });
    const bucket = 'Bucket="example-okd-state"';
    expect(await boto(`client("s3").get_bucket_versioning(${bucket})["Status"]`)).toBe("Enabled");
    expect(await boto(`client("s3").get_public_access_block(${bucket})["PublicAccessBlockConfiguration"]`)).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(await boto(`client("s3").get_bucket_encryption(${bucket})["ServerSideEncryptionConfiguration"]["Rules"]`)).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: first.keyArn } },
    ]);
    expect(await boto(`client("s3").get_bucket_location(${bucket})["LocationConstraint"]`)).toBe("eu-central-1");
    expect(
      await boto('[alias["AliasName"] for alias in client("kms").list_aliases()["Aliases"] if "example" in alias["AliasName"]]'),
    ).toEqual(["alias/example-okd-state"]);
    const { keyArn } = first as { keyArn: string };
    expect(await boto(`client("kms").get_key_rotation_status(KeyId="${keyArn}")["KeyRotationEnabled"]`)).toBe(true);
    expect(await boto('sorted(policy["PolicyName"] for policy in client("iam").list_policies(Scope="Local")["Policies"])')).toEqual([
      "example-okd-state-deploy",
      "example-okd-state-plan",
    ]);
  });

  test("says what is wrong with a name or a region, and makes nothing", async () => {
    await expect(make("--bucket", "Example_State", "--region", "frankfurt")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^BUCKET is "Example_State"; allowed: .*\nREGION is "frankfurt"; allowed: /) as string,
    });
  });
});
