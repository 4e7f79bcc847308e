import { readFileSync } from "node:fs";
import { newIn, worldwide } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster } from "./installed-cluster";

const MINUTE_MS = 60_000;

/** Installs and destroys a cluster whose nodes have no route to the internet. */
describeWithTools("a restricted cluster", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("restricted", {
      clusterName: "closed",
      baseDomain: "intranet.example.com",
      mirror: "restricted",
      credentialsMode: "passthrough",
      publish: "Internal",
      workerCount: 2,
    });
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, MINUTE_MS);

  test("is installed entirely from the installer host's registry", async () => {
    await cluster.install();
  });

  test("has nothing to change afterwards", async () => {
    await cluster.topology.expectNoChanges();
  });

  test("has one public address, the installer host's, and no NAT gateway", () => {
    const { stack } = cluster;
    expect(stack.made(region, "ec2/addresses")).toHaveLength(1);
    expect(stack.made(region, "ec2/nat-gateways")).toEqual([]);
    const outside = stack.made(region, "ec2/instances").filter(({ PublicIpAddress }) => PublicIpAddress !== undefined);
    expect(outside.map(({ Tags }) => stack.suffix(Tags))).toEqual(["installer-host"]);
  });

  test("has the VPC endpoints through which its nodes reach AWS, and no others", () => {
    const endpoints = cluster.stack
      .made(region, "ec2/vpc-endpoints")
      .map(({ ServiceName, VpcEndpointType }) => [ServiceName, VpcEndpointType]);
    expect(endpoints.sort()).toEqual([
      [`com.amazonaws.${region}.ec2`, "Interface"],
      [`com.amazonaws.${region}.elasticloadbalancing`, "Interface"],
      [`com.amazonaws.${region}.s3`, "Gateway"],
      [`com.amazonaws.${region}.sts`, "Interface"],
    ]);
  });

  test("has all five nodes, and reports that it is available", async () => {
    expect(await cluster.objects("nodes")).toHaveLength(5);
    expect(await cluster.isAvailable()).toBe(true);
  });

  test("has mirrors for release images that never fall back to a public registry, and the signatures of the release", async () => {
    const registry = "registry.closed.intranet.example.com:5000";
    expect(await cluster.digestMirrors()).toEqual({
      sets: ["idms-release-0", "image-digest-mirror"],
      mirrors: [`${registry}/openshift/release NeverContactSource`, `${registry}/openshift/release-images NeverContactSource`],
    });
    expect((await cluster.objects("imagetagmirrorsets")).map(({ metadata }) => metadata.name)).toEqual(["okd-aws-release"]);
    const maps = await cluster.objects("configmaps", "--namespace", "openshift-config-managed");
    expect(maps.map(({ metadata }) => metadata.name)).toContain("mirrored-release-signatures");
  });

  test("trusts the CA of the installer host's registry, and uses no public catalog", async () => {
    const [image] = await cluster.objects<{ spec: object }>("images.config.openshift.io");
    expect(image.spec).toMatchObject({ additionalTrustedCA: { name: "okd-aws-mirror-ca" } });
    const [hub] = await cluster.objects<{ spec: object }>("operatorhubs.config.openshift.io");
    expect(hub.spec).toEqual({ disableAllDefaultSources: true });
  });

  test("has the wildcard DNS record of its applications, written by this program", () => {
    const [zone] = cluster.stack.made(worldwide, "route53/zones");
    const record = zone.Records.find(({ Name }) => Name?.includes("apps") === true);
    expect([record?.Type, record?.Name]).toEqual(["CNAME", "\\052.apps.closed.intranet.example.com."]);
  });

  test("leaves the registry's password in no log", async () => {
    const { registryPassword } = await cluster.topology.outputs();
    const secrets = [String(registryPassword), Buffer.from(`okd:${String(registryPassword)}`).toString("base64")];
    const logs = cluster.topology
      .files()
      .filter((file) => /\.(log|jsonl|json)$/.test(file) && !file.includes("/hosts/") && !file.includes("/aws/state"));
    expect(logs.length).toBeGreaterThan(3);
    expect(logs.filter((file) => secrets.some((secret) => readFileSync(file, "utf8").includes(secret)))).toEqual([]);
  });

  test("is destroyed, and leaves the account as it was", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
  });
});
