import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { type ListedBucket, worldwide } from "../kinds";
import type { StandingStack } from "../standing-stack";

const run = promisify(execFile);

/** The part of an ignition config that the tests read. */
export interface DevStackIgnitionConfig {
  readonly ignition: {
    readonly version: string;
    readonly config?: { readonly replace?: { readonly source: string }; readonly merge?: readonly { readonly source: string }[] };
    readonly security?: { readonly tls?: { readonly certificateAuthorities?: readonly { readonly source: string }[] } };
  };
  readonly storage?: { readonly files?: readonly { readonly path: string; readonly contents?: { readonly source?: string } }[] };
}

const readObject = "print(json.dumps(boto3.client('s3').get_object(Bucket=sys.argv[1], Key='bootstrap.ign')['Body'].read().decode()))";

const readUserData = `
import base64
ec2 = boto3.client("ec2", sys.argv[1])
value = lambda id: ec2.describe_instance_attribute(InstanceId=id, Attribute="userData")["UserData"]["Value"]
print(json.dumps({id: base64.b64decode(value(id)).decode() for id in sys.argv[2:]}))
`;

/** The ignition config that the bootstrap instance reads from S3, as openshift-install made it. */
export async function readBootstrapIgnition({ topology, infraId }: StandingStack): Promise<string> {
  return (await topology.boto(readObject, `${infraId}-bootstrap-ignition`)) as string;
}

/** The content of a file in an ignition config. */
export function fileIn(config: DevStackIgnitionConfig, path: string): string {
  const source = config.storage?.files?.find((file) => file.path === path)?.contents?.source ?? "";
  return Buffer.from(source.replace(/^data:[^,]*,/, ""), "base64").toString("utf8");
}

/**
 * Tests where an instance finds its ignition config: the bucket, the object, and the pointers in the user data (openshift/installer,
 * `upi/aws/cloudformation/04_cluster_bootstrap.yaml`, UserData; coreos/ignition, `docs/configuration-v3_1.md`).
 */
export function testIgnition(region: string, clusterDomain: string, standing: () => StandingStack): void {
  test("are in a private, encrypted bucket, and cluster.json, which is needed for recovery, is in another one", () => {
    const buckets = [...standing().made(worldwide, "s3/buckets")].sort((one, other) => one.Name.localeCompare(other.Name));
    const { infraId } = standing();
    expect(buckets.map(({ Name, Objects }) => [Name, Objects.map(({ Key }) => Key)])).toEqual([
      [`${infraId}-assets`, ["cluster.json"]],
      [`${infraId}-bootstrap-ignition`, ["bootstrap.ign"]],
    ]);
    for (const bucket of buckets) expectPrivate(bucket);
  });

  test("are valid and belong to this cluster", async () => {
    const text = await readBootstrapIgnition(standing());
    const file = join(standing().topology.sandbox.directory, "bootstrap.ign");
    writeFileSync(file, text, { mode: 0o600 });
    const { tools } = await ensureToolchain(["ignition-validate"]);
    await run(tools["ignition-validate"], [file]).finally(() => {
      writeFileSync(file, "");
    });
    const manifest = fileIn(JSON.parse(text) as DevStackIgnitionConfig, "/opt/openshift/manifests/cluster-infrastructure-02-config.yml");
    const { status } = load(manifest) as { status: { infrastructureName: string; apiServerInternalURI: string } };
    expect([status.infrastructureName, status.apiServerInternalURI]).toEqual([standing().infraId, `https://api-int.${clusterDomain}:6443`]);
  });

  test("reach every instance by a pointer without secrets", async () => {
    const instances = standing().made(region, "ec2/instances");
    const userData = (await standing().topology.boto(
      readUserData,
      region,
      ...instances.map(({ InstanceId }) => InstanceId ?? ""),
    )) as Record<string, string>;
    const authority = fileIn(
      JSON.parse(await readBootstrapIgnition(standing())) as DevStackIgnitionConfig,
      "/opt/openshift/tls/root-ca.crt",
    );
    for (const { InstanceId = "", Tags } of instances) {
      const role = standing().suffix(Tags).split("-")[0] ?? "";
      const { ignition, ...rest } = JSON.parse(userData[InstanceId] ?? "{}") as DevStackIgnitionConfig;
      if (role === "bootstrap") {
        expect({ ignition, rest }).toEqual({
          ignition: { version: "3.1.0", config: { replace: { source: `s3://${standing().infraId}-bootstrap-ignition/bootstrap.ign` } } },
          rest: {},
        });
      } else {
        expect(ignition.config?.merge?.map(({ source }) => source)).toEqual([`https://api-int.${clusterDomain}:22623/config/${role}`]);
        const trusted = ignition.security?.tls?.certificateAuthorities?.at(0);
        expect(Buffer.from(trusted?.source.replace(/^data:[^,]*,/, "") ?? "", "base64").toString("utf8")).toContain(authority.trim());
        expect(rest.storage?.files ?? []).toEqual([]);
      }
    }
  });

  test("of control plane and workers are exactly those that openshift-install wrote", async () => {
    const written = await standing().topology.installerFiles();
    const instances = standing().made(region, "ec2/instances");
    const userData = (await standing().topology.boto(
      readUserData,
      region,
      ...instances.map(({ InstanceId }) => InstanceId ?? ""),
    )) as Record<string, string>;
    for (const { InstanceId = "", Tags } of instances) {
      const role = standing().suffix(Tags).split("-")[0] ?? "";
      if (role !== "bootstrap") expect(userData[InstanceId]).toBe(written[`${role}.ign`]);
    }
    expect(await readBootstrapIgnition(standing())).toBe(written["bootstrap.ign"]);
  });
}

function expectPrivate(bucket: ListedBucket): void {
  expect(bucket.Encryption?.ServerSideEncryptionConfiguration.Rules).toHaveLength(1);
  expect(bucket.PublicAccessBlock?.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(bucket.Ownership).toEqual({ OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } });
  const { Statement } = JSON.parse(bucket.Policy?.Policy ?? "{}") as { Statement: readonly { Effect: string }[] };
  expect(Statement.map(({ Effect }) => Effect)).toEqual(["Deny"]);
}
