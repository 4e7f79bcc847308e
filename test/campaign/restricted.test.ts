import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { newIn, worldwide } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { StandingStack } from "../engine/standing-stack";
import { Topology } from "../engine/topology";

const run = promisify(execFile);
const minutes = 60_000;
const region = "us-east-1";
const releaseImage = `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`;

interface Node {
  readonly metadata: { readonly name: string };
}
interface MirrorSet extends Node {
  readonly spec: Readonly<
    Record<string, readonly { readonly source: string; readonly mirrors: readonly string[]; readonly mirrorSourcePolicy?: string }[]>
  >;
}

/** A cluster whose nodes have no way to the internet, from nothing to installed, and away again. */
describeWithTools("a restricted cluster", () => {
  let topology: Topology | undefined;
  let stack: StandingStack;
  let kubeconfig: string;

  afterAll(async () => {
    await topology?.close();
  }, minutes);

  /** Objects of the cluster. */
  async function objects<T>(...what: readonly string[]): Promise<T[]> {
    if (topology === undefined) throw new Error("the sandbox did not open");
    const { stdout } = await run("kubectl", ["--kubeconfig", kubeconfig, "get", ...what, "--output", "json"], {
      env: topology.sandbox.processEnvironment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return (JSON.parse(stdout) as { items: T[] }).items;
  }

  test("comes up, with all that it runs out of the installer host's registry", async () => {
    topology = await Topology.open("restricted", { machines: true });
    await topology.configure({
      "aws:region": region,
      clusterName: "closed",
      baseDomain: "intranet.example.com",
      release: "4.19.0-okd-scos.1",
      releaseImage,
      mirror: "restricted",
      credentialsMode: "passthrough",
      publish: "Internal",
      zones: ["us-east-1a", "us-east-1b"],
      masterCount: 3,
      protectMasters: false,
      workerCount: 2,
      executor: "local",
      bootstrapTimeout: 8,
      installTimeout: 8,
    });
    const before = await topology.inventory();
    await topology.up();
    // The retired bootstrap machine's declarations.
    await topology.up();
    const { infraId, kubeconfig: admin } = await topology.outputs();
    kubeconfig = join(topology.sandbox.directory, "kubeconfig");
    writeFileSync(kubeconfig, String(admin), { mode: 0o600 });
    stack = new StandingStack(topology, String(infraId), before, await topology.inventory());
  });

  test("has nothing to change afterwards", async () => {
    await stack.topology.expectNoChanges();
  });

  test("has one address on the internet, the installer host's, and no NAT gateway", () => {
    expect(stack.made(region, "ec2/addresses")).toHaveLength(1);
    expect(stack.made(region, "ec2/nat-gateways")).toEqual([]);
    const outside = stack.made(region, "ec2/instances").filter(({ PublicIpAddress }) => PublicIpAddress !== undefined);
    expect(outside.map(({ Tags }) => (Tags as { Key: string; Value: string }[]).find(({ Key }) => Key === "Name")?.Value)).toEqual([
      `${stack.infraId}-installer-host`,
    ]);
  });

  test("reaches AWS through endpoints", () => {
    const endpoints = stack.made(region, "ec2/vpc-endpoints").map(({ ServiceName, VpcEndpointType }) => [ServiceName, VpcEndpointType]);
    expect(endpoints.sort()).toEqual([
      [`com.amazonaws.${region}.ec2`, "Interface"],
      [`com.amazonaws.${region}.elasticloadbalancing`, "Interface"],
      [`com.amazonaws.${region}.s3`, "Gateway"],
      [`com.amazonaws.${region}.sts`, "Interface"],
    ]);
  });

  test("has every node and every operator", async () => {
    expect(await objects<Node>("nodes")).toHaveLength(5);
    const [version] = await objects<{ status: { conditions: { type: string; status: string }[] } }>("clusterversions");
    expect(version.status.conditions.find(({ type }) => type === "Available")?.status).toBe("True");
  });

  test("knows its mirrors from the installation on, and no other place", async () => {
    const sets = await objects<MirrorSet>("imagedigestmirrorsets");
    expect(sets.map(({ metadata }) => metadata.name).sort()).toEqual(["idms-release-0", "image-digest-mirror"]);
    const entries = sets.flatMap(({ spec }) => spec.imageDigestMirrors);
    const registry = "registry.closed.intranet.example.com:5000";
    expect(new Set(entries.map(({ mirrors, mirrorSourcePolicy }) => `${mirrors.join()} ${mirrorSourcePolicy ?? ""}`))).toEqual(
      new Set([`${registry}/openshift/release-images NeverContactSource`, `${registry}/openshift/release NeverContactSource`]),
    );
    expect((await objects<Node>("imagetagmirrorsets")).map(({ metadata }) => metadata.name)).toEqual(["okd-aws-release"]);
    const maps = await objects<Node>("configmaps", "--namespace", "openshift-config-managed");
    expect(maps.map(({ metadata }) => metadata.name)).toContain("mirrored-release-signatures");
  });

  test("is told, when it is complete, of the registry's authority, and asks no public catalog", async () => {
    const [image] = await objects<{ spec: object }>("images.config.openshift.io");
    expect(image.spec).toMatchObject({ additionalTrustedCA: { name: "okd-aws-mirror-ca" } });
    const [hub] = await objects<{ spec: object }>("operatorhubs.config.openshift.io");
    expect(hub.spec).toEqual({ disableAllDefaultSources: true });
  });

  test("finds its routes by a record that this program wrote", () => {
    const [zone] = stack.made(worldwide, "route53/zones");
    const record = zone.Records.find(({ Name }) => Name?.includes("apps") === true);
    expect([record?.Type, record?.Name]).toEqual(["CNAME", "\\052.apps.closed.intranet.example.com."]);
  });

  test("has shown the registry's password to nobody", async () => {
    const { registryPassword } = await stack.topology.outputs();
    const secrets = [String(registryPassword), Buffer.from(`okd:${String(registryPassword)}`).toString("base64")];
    const logs = stack.topology
      .files()
      .filter((file) => /\.(log|jsonl|json)$/.test(file) && !file.includes("/hosts/") && !file.includes("/aws/state"));
    expect(logs.length).toBeGreaterThan(3);
    expect(logs.filter((file) => secrets.some((secret) => readFileSync(file, "utf8").includes(secret)))).toEqual([]);
  });

  test("goes, and leaves the account as it was", async () => {
    await stack.topology.destroy();
    expect(newIn(stack.before, await stack.topology.inventory())).toEqual({});
  });
});
