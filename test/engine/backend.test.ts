import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectDirectory } from "@okd-aws/sandbox";
import { type EmulatedAws, startAws } from "@okd-aws/sandbox/aws";
import { type Document, isFailure, mayDo, parseDocument, type PermissionRequest } from "@okd-aws/sandbox/machines";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { DriverProject } from "./driver-project";
import { describeWithTools } from "./requirements";

const run = promisify(execFile);

/** Runs the program of `make backend` against the emulated AWS. */
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
    run(join(projectDirectory, "node_modules/.bin/tsx"), [join(projectDirectory, "tools/backend/cli.ts"), ...args], {
      env: environment(),
    });
  const boto = async (expression: string): Promise<unknown> => {
    const script = `import boto3, json\nclient = lambda name: boto3.client(name, region_name="eu-central-1")\nprint(json.dumps(${expression}, default=str))`;
    return JSON.parse((await run(python, ["-c", script], { env: environment() })).stdout) as unknown;
  };
  const wanted = ["--bucket", "example-okd-state", "--region", "eu-central-1", "--stacks", "dev,prod"];

  test("creates nothing in a dry run", async () => {
    const { stdout } = await make(...wanted, "--dry-run");
    expect(stdout).toContain("would create in account 123456789012, eu-central-1: bucket example-okd-state");
    expect(await boto('client("s3").list_buckets()["Buckets"]')).toEqual([]);
  });

  test("creates a private bucket that is encrypted with its own key and keeps old versions; a second run changes nothing", async () => {
    const first = JSON.parse((await make(...wanted, "--json")).stdout) as Record<string, unknown>;
    const second = JSON.parse((await make(...wanted, "--json")).stdout) as Record<string, unknown>;
    expect(second).toEqual(first);
    const arn = (name: string) => `arn:aws:iam::123456789012:policy/example-okd-state.${name}`;
    const ofStack = (stack: string) => ({
      stack,
      secretsProvider: `awskms://alias/example-okd-state?region=eu-central-1&context_stack=${stack}`,
      policies: { deploy: arn(`${stack}.deploy`), plan: arn(`${stack}.plan`) },
    });
    expect(first).toMatchObject({ url: "s3://example-okd-state?region=eu-central-1", stacks: [ofStack("dev"), ofStack("prod")] });
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
      "example-okd-state.dev.deploy",
      "example-okd-state.dev.plan",
      "example-okd-state.prod.deploy",
      "example-okd-state.prod.plan",
    ]);
  });

  test("adopts the key of a run that was killed before it set the key's alias, and no other key", async () => {
    const key = (bucket: string, more = "") =>
      boto(`client("kms").create_key(Tags=[{"TagKey": "okd-aws/backend", "TagValue": "${bucket}"}]${more})["KeyMetadata"]["Arn"]`);
    await key("example-other");
    const deleted = (await key("example-killed")) as string;
    await boto(`client("kms").schedule_key_deletion(KeyId="${deleted.split("/").at(-1) ?? ""}")`);
    const left = await key("example-killed");
    const count = () => boto('len(client("kms").list_keys()["Keys"])');
    const before = await count();
    const killed = ["--bucket", "example-killed", "--region", "eu-central-1", "--stacks", "dev", "--json"];
    const made = JSON.parse((await make(...killed)).stdout) as { keyArn: string };
    expect([made.keyArn, await count()]).toEqual([left, before]);
    expect(await boto(`client("kms").get_key_rotation_status(KeyId="${made.keyArn}")["KeyRotationEnabled"]`)).toBe(true);
    // A new key has the tag from the start.
    const own = `client("kms").list_resource_tags(KeyId=client("kms").describe_key(KeyId="alias/example-okd-state")["KeyMetadata"]["KeyId"])["Tags"]`;
    expect(await boto(own)).toEqual([{ TagKey: "okd-aws/backend", TagValue: "example-okd-state" }]);
  });

  test("refuses a key that is scheduled for deletion, and accepts the key when the deletion is cancelled", async () => {
    const id = 'client("kms").describe_key(KeyId="alias/example-killed")["KeyMetadata"]["KeyId"]';
    const killed = ["--bucket", "example-killed", "--region", "eu-central-1", "--stacks", "dev"];
    await boto(`client("kms").schedule_key_deletion(KeyId=${id})["KeyId"]`);
    await expect(make(...killed)).rejects.toThrow("is PendingDeletion: AWS deletes it at 20");
    await boto(`client("kms").cancel_key_deletion(KeyId=${id})["KeyId"]`);
    await expect(make(...killed)).rejects.toThrow("is Disabled. Enable it: aws kms");
    await boto(`client("kms").enable_key(KeyId=${id})["ResponseMetadata"]["HTTPStatusCode"]`);
    await make(...killed);
  });

  test("reports which old policies allow more than they should", async () => {
    const everything = '\'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}\'';
    await boto(`client("iam").create_policy(PolicyName="example-okd-state-plan", PolicyDocument=${everything})["Policy"]["Arn"]`);
    expect((await make(...wanted)).stderr).toContain(
      "the policy example-okd-state-plan of a former version allows all stacks: give its roles the policies of their stacks, and delete it",
    );
  });

  test("refuses a bucket that was made for something else, unless told to adopt the bucket", async () => {
    const bucket = 'Bucket="example-photos"';
    const place = 'CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}';
    await boto(`[client("s3").create_bucket(${bucket}, ${place}), client("s3").put_object(${bucket}, Key="a", Body=b"a")]`);
    await boto(`client("s3").put_bucket_tagging(${bucket}, Tagging={"TagSet": [{"Key": "team", "Value": "photos"}]})`);
    const photos = ["--bucket", "example-photos", "--region", "eu-central-1", "--stacks", "dev"];
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

  test("updates a policy that differs, even if IAM has no room for another version", async () => {
    const arn = 'PolicyArn="arn:aws:iam::123456789012:policy/example-okd-state.dev.plan"';
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
    expect(Statement.map(({ Sid }) => Sid)).toEqual(["Read", "List", "Secrets", "Objects", "NoOtherObjects"]);
    await make(...wanted);
    expect(await boto(versions)).toHaveLength(5);
  });

  test("explains a wrong name or region, and creates nothing", async () => {
    await expect(make("--bucket", "Example_State", "--region", "frankfurt", "--stacks", "dev,*")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^BUCKET is "Example_State"; allowed: .*\nSTACKS is "dev,\*"; allowed: .*\nREGION is "frankfurt"; allowed: /,
      ) as string,
    });
    await expect(make("--bucket", "example-state", "--region", "eu-central-1")).rejects.toMatchObject({ code: 2 });
    const alike = ["--bucket", "example-state", "--region", "eu-central-1", "--stacks", "dev,Dev"];
    await expect(make(...alike)).rejects.toThrow('STACKS is "dev,Dev"; two names differ only in case');
  });

  describeWithTools("with the real Pulumi engine", () => {
    /** A recorded call. */
    interface Call {
      readonly action: string;
      readonly resource?: string;
      readonly status: number;
      readonly encryptionContext?: Readonly<Record<string, string>>;
    }
    let project: DriverProject;
    let keyArn: string;
    const bucketArn = "arn:aws:s3:::example-okd-state";

    beforeAll(async () => {
      const { keyArn: key, url } = JSON.parse((await make(...wanted, "--json")).stdout) as { keyArn: string; url: string };
      keyArn = key;
      const program = "exports.answer = new pulumi.Config().requireSecret('password');";
      project = await DriverProject.make(program, { ...aws.environment, PULUMI_BACKEND_URL: url }, "okd-aws");
    });
    afterAll(() => {
      project.remove();
    });

    /** The calls to S3 and KMS of commands on a stack. Every command must succeed. */
    const callsOf = async (stack: string, ...commands: readonly (readonly string[])[]): Promise<Call[]> => {
      const before = readFileSync(aws.callsFile, "utf8").length;
      project.stack = stack;
      for (const command of commands) {
        const { code, stdout, stderr } = await project.pulumi(...command);
        if (code !== 0) throw new Error(`pulumi ${command.join(" ")} failed: ${stdout}\n${stderr}`);
      }
      const lines = readFileSync(aws.callsFile, "utf8").slice(before).trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line) as Call).filter(({ action }) => /^(s3|kms):/.test(action));
    };

    /** The permissions that IAM checks for a call: the action itself, and the use of the key by the bucket's encryption. */
    const requestsOf = ({ action, resource = "", encryptionContext = {} }: Call): PermissionRequest[] => {
      if (action.startsWith("kms:")) {
        const context = Object.entries(encryptionContext).map(([key, value]) => [`kms:encryptioncontext:${key}`, value] as const);
        // A call to decrypt names no key, because the ciphertext contains the key's ARN.
        const isByName = resource === "" || resource.startsWith("alias/");
        return [{ action, resource: isByName ? keyArn : resource, context: Object.fromEntries(context) }];
      }
      const context = { "kms:viaservice": "s3.eu-central-1.amazonaws.com", "kms:encryptioncontext:aws:s3:arn": bucketArn };
      const key = { "s3:GetObject": "kms:Decrypt", "s3:PutObject": "kms:GenerateDataKey" }[action];
      return [{ action, resource }, ...(key === undefined ? [] : [{ action: key, resource: keyArn, context }])];
    };

    const documentOf = async (name: string): Promise<Document> => {
      const arn = `PolicyArn="arn:aws:iam::123456789012:policy/example-okd-state.${name}"`;
      const version = `client("iam").get_policy(${arn})["Policy"]["DefaultVersionId"]`;
      return parseDocument(
        JSON.stringify(await boto(`client("iam").get_policy_version(${arn}, VersionId=${version})["PolicyVersion"]["Document"]`)),
      );
    };
    /** The part of AWS's managed policy that matters here (AWS managed policy reference, "ReadOnlyAccess"). */
    const readOnlyAccess = parseDocument(
      JSON.stringify({
        Statement: [{ Effect: "Allow", Action: ["s3:Get*", "s3:List*", "kms:Describe*", "kms:Get*", "kms:List*"], Resource: "*" }],
      }),
    );
    /** The calls that a role with these policies may not make. */
    const refusedOf = (policies: Readonly<Record<string, Document>>, calls: readonly Call[]): string[] => {
      const permissions = { roleName: "role", roleArn: "arn:aws:iam::123456789012:role/role", policies };
      const refused = calls.flatMap(requestsOf).filter((request) => isFailure(mayDo(permissions, request)));
      return [...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))];
    };
    const shown = (actions: readonly string[]) => [...new Set(actions)].sort();

    test("allows a stack's roles every call that the Pulumi engine makes for the stack, and no access to other stacks", async () => {
      const provider = (stack: string) => `awskms://alias/example-okd-state?region=eu-central-1&context_stack=${stack}`;
      const lifeOf = async (stack: string) => ({
        deploying: await callsOf(
          stack,
          ["stack", "init", "--secrets-provider", provider(stack)],
          ["config", "set", "--secret", "password", "opensesame"],
          ["up", "--yes"],
          ["up", "--yes", "--skip-preview"],
          ["cancel", "--yes"],
          ["refresh", "--yes"],
        ),
        planning: await callsOf(
          stack,
          ["preview"],
          ["stack", "history", "--json", "--page-size", "1"],
          ["stack", "output", "--json", "--show-secrets"],
          ["refresh", "--preview-only", "--expect-no-changes"],
        ),
        ending: await callsOf(stack, ["destroy", "--yes"]),
      });
      const [dev, prod] = [await lifeOf("dev"), await lifeOf("prod")];
      for (const calls of [dev.deploying, dev.planning])
        expect(shown(calls.map(({ action }) => action))).toEqual(expect.arrayContaining(["kms:Decrypt", "s3:GetObject", "s3:ListBucket"]));
      expect(shown(dev.planning.map(({ action }) => action)).filter((action) => /Put|Delete|Encrypt/.test(action))).toEqual([]);
      const [deploy, plan] = [await documentOf("dev.deploy"), await documentOf("dev.plan")];
      expect(refusedOf({ deploy }, [...dev.deploying, ...dev.planning, ...dev.ending])).toEqual([]);
      expect(refusedOf({ plan, readOnlyAccess }, dev.planning)).toEqual([]);
      // Keeps the calls for the other stack, but not calls that only list object names or that concern all stacks.
      const isShared = ({ action, resource }: Call) => action === "s3:ListBucket" || resource === `${bucketArn}/.pulumi/meta.yaml`;
      const foreign = [...prod.deploying, ...prod.planning, ...prod.ending].filter((call) => !isShared(call));
      expect(shown(foreign.map(({ action }) => action))).toEqual([
        "kms:Decrypt",
        "kms:Encrypt",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
      ]);
      const all = shown(
        foreign.flatMap((call) =>
          requestsOf(call)
            .slice(0, 1)
            .map(({ action, resource }) => `${action} ${resource}`),
        ),
      );
      expect(shown(refusedOf({ deploy }, foreign))).toEqual(all);
      expect(shown(refusedOf({ plan, readOnlyAccess }, foreign))).toEqual(expect.arrayContaining(all));
    });

    test("keeps the role of a plan from reading other objects of the account, though ReadOnlyAccess allows it", async () => {
      const plan = await documentOf("dev.plan");
      const reads = (resource: string): Call => ({ action: "s3:GetObject", resource: `arn:aws:s3:::${resource}`, status: 200 });
      const secret = [
        "prod-a1b2c-etcd-backup/snapshots/1.db",
        "prod-a1b2c-bootstrap-ignition/bootstrap.ign",
        "example-okd-state/.pulumi/stacks/okd-aws/dev2.json",
        "example-okd-state/.pulumi/stacks/okd-aws/dev.eu.json",
        "example-okd-state/.pulumi/locks/organization/okd-aws/dev2/1.json",
        "somebody-elses/file",
      ];
      const s3 = (refused: readonly string[]) => refused.filter((text) => text.startsWith("s3:"));
      expect(s3(refusedOf({ readOnlyAccess }, secret.map(reads)))).toEqual([]);
      expect(s3(refusedOf({ plan, readOnlyAccess }, secret.map(reads)))).toEqual(
        secret.map((resource) => `s3:GetObject arn:aws:s3:::${resource}`),
      );
      const open = ["prod-a1b2c-installer-host-ignition/host.ign", "prod-a1b2c-oidc/keys.json"];
      expect(refusedOf({ plan, readOnlyAccess }, open.map(reads))).toEqual([]);
    });

    test("encrypts the secrets of each stack so that another stack cannot decrypt them", async () => {
      const text = readFileSync(join(project.directory, "Pulumi.prod.yaml"), "utf8");
      expect(text).toContain("context_stack=prod");
      const key = /encryptedkey: (.*)/.exec(text)?.[1] ?? "";
      const decrypt = (stack: string) =>
        boto(
          `client("kms").decrypt(CiphertextBlob=__import__("base64").b64decode("${key}"), EncryptionContext={"stack": "${stack}"})["KeyId"]`,
        );
      expect(await decrypt("prod")).toBe(keyArn);
      await expect(decrypt("dev")).rejects.toThrow(/InvalidCiphertext/);
    });
  });
});
