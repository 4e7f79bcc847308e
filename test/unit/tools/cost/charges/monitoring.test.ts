import type { Resource } from "../../../../../lib/pulumi/resource";
import { toYaml } from "../../../../../lib/yaml";
import { estimate } from "../../../../../tools/cost/estimate";
import { moneyText } from "../../../../../tools/cost/money";
import { instanceResource, made, prices } from "../fixture";

const cost = (resources: readonly Resource[]) => estimate(resources, { region: "us-east-1", prices });
const byCluster = (resources: readonly Resource[]) =>
  cost(resources)
    .lines.filter((line) => line.byCluster)
    .map(({ what, count, monthly }) => `${count} ${what}: ${moneyText(monthly)}`);
const installation = made("okd:installer:Installation", "installation");

describe("the cost of monitoring with volumes", () => {
  const settings = (name: string, fields: object) =>
    made("kubernetes:core/v1:ConfigMapPatch", name, { metadata: { name }, data: { "config.yaml": toYaml(fields) } });
  const claim = (storage: string, storageClassName?: string) => ({
    volumeClaimTemplate: { spec: { storageClassName, resources: { requests: { storage } } } },
  });
  const platform = settings("platform", { prometheusK8s: claim("100Gi"), alertmanagerMain: claim("10Gi", "gp2-csi") });
  const node = (name: string) => {
    const urn = `urn:pulumi:dev::okd-aws::okd:machines:MachinePool$aws:ec2/instance:Instance::${name}`;
    return { ...instanceResource(name), urn };
  };

  test("includes a volume for each of two pods", () => {
    // 2 × 100 × 0.08 = 16; 2 × 10 × 0.10 = 2; 2 × 50 × 0.08 = 8
    const users = settings("users", { prometheus: claim("50Gi") });
    expect(byCluster([platform, users])).toEqual([
      "2 Volumes of Alertmanager, gp2: $2.00",
      "2 Volumes of Prometheus of the users' projects, gp3: $8.00",
      "2 Volumes of Prometheus, gp3: $16.00",
    ]);
  });

  test("includes one volume for each pod of a cluster with one node, but not if only one node changes", () => {
    const one = ["1 Volumes of Alertmanager, gp2: $1.00", "1 Volumes of Prometheus, gp3: $8.00"];
    expect(byCluster([installation, platform, node("a")])).toEqual(expect.arrayContaining(one));
    expect(byCluster([platform, node("a")])).toContain("2 Volumes of Prometheus, gp3: $16.00");
  });

  test("is unknown for volumes of another storage class, also if it is the default", () => {
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    const fast = made("kubernetes:storage.k8s.io/v1:StorageClass", "fast", { metadata: { name: "fast", annotations } });
    const why = (...resources: readonly Resource[]) => cost(resources).unknown.map((each) => each.why);
    const reason = "the volumes of Prometheus (storage class fast) aren't included";
    expect(why(settings("platform", { prometheusK8s: claim("100Gi", "fast") }))).toEqual([reason]);
    expect(why(fast, settings("platform", { prometheusK8s: claim("100Gi") }))).toEqual([reason]);
  });

  test("is unknown for a size in another unit, and for settings that can't be read", () => {
    const unreadable = made("kubernetes:core/v1:ConfigMapPatch", "m", { data: { "config.yaml": "a: [" } });
    expect(cost([settings("platform", { prometheusK8s: claim("1Ti") }), unreadable]).unknown.map(({ why }) => why)).toEqual([
      "the volumes of monitoring aren't included: config.yaml can't be read: line 1 is not valid YAML (BAD_INDENT)",
      "the volumes of Prometheus (1Ti) aren't included: only sizes in Gi are counted",
    ]);
  });
});
