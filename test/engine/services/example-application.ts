import { listed } from "../kinds";
import { runSmoke } from "../smoke";
import type { TestedCluster } from "./cluster";

/** Tests the example application of a cluster that is installed with `exampleApplication`, behind the default router. */
export function testExampleApplication(cluster: () => TestedCluster, region: string): void {
  test("is served, and its entries survive a restart of the database on its EBS volume", async () => {
    const { topology } = cluster();
    const { exampleApplicationUrls } = await topology.outputs();
    expect(exampleApplicationUrls).toEqual({ default: "https://guestbook.apps.edge.okd.example.com/" });
    const outcome = await runSmoke(topology);
    expect([outcome.code, outcome.steps.filter(({ problem }) => problem !== undefined)]).toEqual([0, []]);
    expect(outcome.steps.map(({ step }) => step)).toContain("the entries are still there through the router default");
    expect(outcome.leftOut).toEqual([expect.stringContaining("the cluster has no schedule of Velero")]);
  });

  test("has one EBS volume, with the cluster's tag", async () => {
    const volumes = listed(await cluster().topology.inventory(), region, "ec2/volumes").filter(({ Tags }) =>
      Tags?.some(({ Key }) => Key === "CSIVolumeName"),
    );
    expect(volumes).toHaveLength(1);
    expect(volumes[0].Tags).toContainEqual({ Key: `kubernetes.io/cluster/${cluster().stack.infraId}`, Value: "owned" });
  });

  test("has a password that the state does not show", async () => {
    const secret = await cluster().get<{ data: { password: string } }>("secret", "guestbook-database", "--namespace", "okd-aws-example");
    const password = Buffer.from(secret.data.password, "base64").toString();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(JSON.stringify(await cluster().topology.state())).not.toContain(password);
  });
}
