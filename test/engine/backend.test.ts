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
  });
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

  test("leaves a bucket alone that was made for something else, unless it is to be adopted", async () => {
    const bucket = 'Bucket="example-photos"';
    const place = 'CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}';
    await boto(`[client("s3").create_bucket(${bucket}, ${place}), client("s3").put_object(${bucket}, Key="a", Body=b"a")]`);
    await boto(`client("s3").put_bucket_tagging(${bucket}, Tagging={"TagSet": [{"Key": "team", "Value": "photos"}]})`);
    const photos = ["--bucket", "example-photos", "--region", "eu-central-1"];
    await expect(make(...photos)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("ADOPT=1 (--adopt)") as string });
    expect(await boto(`client("s3").get_bucket_versioning(${bucket}).get("Status")`)).toBeNull();
    expect(await boto('[a["AliasName"] for a in client("kms").list_aliases()["Aliases"] if "photos" in a["AliasName"]]')).toEqual([]);
    await make(...photos, "--adopt");
    expect(await boto(`client("s3").get_bucket_versioning(${bucket})["Status"]`)).toBe("Enabled");
    expect(await boto(`sorted((t["Key"], t["Value"]) for t in client("s3").get_bucket_tagging(${bucket})["TagSet"])`)).toEqual([
      ["okd-aws/backend", "example-photos"],
      ["team", "photos"],
    ]);
    await make(...photos);
  });

  test("brings a policy that says something else up to date, where IAM has no room for another version, too", async () => {
    const arn = 'PolicyArn="arn:aws:iam::123456789012:policy/example-okd-state-plan"';
    const stale = '\'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}\'';
    const versions = `sorted((v["VersionId"], v["IsDefaultVersion"]) for v in client("iam").list_policy_versions(${arn})["Versions"])`;
    await boto(`[client("iam").create_policy_version(${arn}, PolicyDocument=${stale}, SetAsDefault=i == 0) for i in range(4)]`);
    await make(...wanted);
    expect(await boto(versions)).toEqual([
      ["v2", false],
      ["v3", false],
      ["v4", false],
      ["v5", false],
      ["v6", true],
    ]);
    const document = `client("iam").get_policy_version(${arn}, VersionId="v6")["PolicyVersion"]["Document"]`;
    const { Statement } = (await boto(document)) as { Statement: readonly { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual(["State", "Locks", "Stacks", "Secrets"]);
    await make(...wanted);
    expect(await boto(versions)).toHaveLength(5);
  });

  test("says what is wrong with a name or a region, and makes nothing", async () => {
    await expect(make("--bucket", "Example_State", "--region", "frankfurt")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^BUCKET is "Example_State"; allowed: .*\nREGION is "frankfurt"; allowed: /) as string,
    });
  });
});
