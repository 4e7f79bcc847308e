import { setTimeout as sleep } from "node:timers/promises";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { region } from "../region";
import { InstalledCluster } from "./installed-cluster";

const MINUTE_MS = 60_000;
const registry = "registry.open.okd.example.com:5000";

/** Deletes the default routes of the private subnets of a VPC. Returns the number of route tables that had one. */
const deleteDefaultRoutes = `
ec2 = boto3.client("ec2")
tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [sys.argv[1]]}])["RouteTables"]
private = [table["RouteTableId"] for table in tables if any("NatGatewayId" in route for route in table["Routes"])]
for table in private:
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
print(len(private))
`;

/**
 * Installs and destroys a cluster with `mirror: fallback`: its nodes pull the release from the installer host's registry if the public registry
 * fails.
 */
describeWithTools("a cluster with its registry as a fallback", () => {
  let cluster: InstalledCluster;

  beforeAll(async () => {
    cluster = await InstalledCluster.open("fallback", {
      clusterName: "open",
      baseDomain: "okd.example.com",
      mirror: "fallback",
      workerCount: 2,
      adminCidrs: ["198.51.100.0/24"],
    });
  });

  afterAll(async () => {
    await cluster.topology.close();
  }, MINUTE_MS);

  test("is installed completely, in a network with NAT gateways", async () => {
    await cluster.install();
    expect(await cluster.objects("nodes")).toHaveLength(5);
    expect(await cluster.isAvailable()).toBe(true);
    expect(cluster.stack.made(region, "ec2/nat-gateways")).toHaveLength(2);
    const endpoints = cluster.stack.made(region, "ec2/vpc-endpoints").map(({ ServiceName }) => ServiceName);
    expect(endpoints).toEqual([`com.amazonaws.${region}.s3`]);
  });

  test("has nothing to change afterwards", async () => {
    await cluster.topology.expectNoChanges();
  });

  test("has mirror sets for the installer host's registry that also allow the public registries, and public catalogs", async () => {
    expect(await cluster.digestMirrors()).toEqual({
      sets: ["idms-release-0", "image-digest-mirror"],
      mirrors: [`${registry}/openshift/release AllowContactingSource`, `${registry}/openshift/release-images AllowContactingSource`],
    });
    const hubs = await cluster.objects<{ spec?: { disableAllDefaultSources?: boolean } }>("operatorhubs.config.openshift.io");
    expect(hubs.filter(({ spec }) => spec?.disableAllDefaultSources === true)).toEqual([]);
  });

  test("trusts the CA of the installer host's registry, and has the password of the account that can only pull", async () => {
    interface Data {
      readonly metadata: { readonly name: string };
      readonly data?: Readonly<Record<string, string>>;
    }
    const inConfig = async (kind: string, name: string) => {
      const found = await cluster.objects<Data>(kind, "--namespace", "openshift-config");
      return found.find(({ metadata }) => metadata.name === name)?.data ?? {};
    };
    const authority = (await inConfig("configmaps", "okd-aws-mirror-ca"))["registry.open.okd.example.com..5000"];
    expect(authority).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect((await inConfig("configmaps", "user-ca-bundle"))["ca-bundle.crt"]).toContain(authority.trim());
    const pullSecret = (await inConfig("secrets", "pull-secret"))[".dockerconfigjson"];
    const { auths } = JSON.parse(Buffer.from(pullSecret, "base64").toString("utf8")) as { auths: Record<string, { auth: string }> };
    const { registryPassword } = await cluster.topology.outputs();
    const [user, password] = Buffer.from(auths[registry].auth, "base64").toString().split(":");
    // A boolean, so that a failure does not print the password.
    expect([user, password.length, pullSecret.includes(String(registryPassword)), password === registryPassword]).toEqual([
      "okd-nodes",
      32,
      false,
      false,
    ]);
  });

  test("gets one more node without a route to public registries: the node pulls the release from the installer host's registry", async () => {
    const [{ VpcId = "" }] = cluster.stack.made(region, "ec2/vpcs");
    expect(await cluster.topology.boto(deleteDefaultRoutes, VpcId)).toBe(2);
    await cluster.change({ workerCount: 3 });
    for (const deadline = Date.now() + 2 * MINUTE_MS; (await cluster.objects("nodes")).length < 6;) {
      if (Date.now() > deadline) throw new Error(`the sixth node has not joined the cluster after 2 minutes:\n${cluster.machines()}`);
      await sleep(1000);
    }
  });

  test("is destroyed, and leaves the account as it was", async () => {
    const { before } = cluster.stack;
    await cluster.topology.destroy();
    expect(newIn(before, await cluster.topology.inventory())).toEqual({});
  });
});
