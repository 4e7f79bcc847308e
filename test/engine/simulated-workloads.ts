import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";

type Kubectl = (...args: string[]) => Promise<string>;

interface Pod {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
  };
}

/** A pod template whose pods have the label `app` and request some processors. */
const template = (app: string, cpu = "100m", spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: "main", image: "registry.example.com/none", resources: { requests: { cpu } } }], ...spec },
});

const workload = (kind: "Deployment" | "StatefulSet" | "DaemonSet", app: string, replicas: number, podTemplate = template(app)) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: app },
  spec: {
    selector: { matchLabels: { app } },
    template: podTemplate,
    ...(kind !== "DaemonSet" && { replicas }),
    ...(kind === "StatefulSet" && { serviceName: app }),
  },
});

/** The tests of workloads on the nodes of a simulated cluster with two workers of 4 processors. `kubectl` and `directory` exist when they run. */
export function testWorkloads(cluster: () => { readonly kubectl: Kubectl; readonly directory: string }): void {
  const kubectl: Kubectl = (...args) => cluster().kubectl(...args);
  const apply = async (...objects: object[]) => {
    const file = join(cluster().directory, "workload.yaml");
    writeFileSync(file, objects.map((object) => dump(object)).join("---\n"));
    await kubectl("apply", "-f", file);
  };
  const podsOf = async (app: string) =>
    (JSON.parse(await kubectl("get", "pods", "-l", `app=${app}`, "-o", "json")) as { items: Pod[] }).items;
  const unschedulable = (pod: Pod) =>
    pod.status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;

  it("schedules workloads only onto workers, and reports nodes with the size of their instance type", async () => {
    await apply(workload("Deployment", "web", 3), workload("DaemonSet", "agent", 0), workload("StatefulSet", "data", 2), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once" },
      spec: { template: template("once", "100m", { restartPolicy: "Never" }) },
    });
    for (const roll of ["deployment/web", "daemonset/agent", "statefulset/data"]) await kubectl("rollout", "status", roll, "--timeout=60s");
    await kubectl("wait", "job/once", "--for=condition=Complete", "--timeout=60s");
    const columns = "custom-columns=:.metadata.name,:.status.capacity.cpu,:.status.allocatable.cpu,:.spec.taints[*].key";
    const nodes = (await kubectl("get", "nodes", "--no-headers", "-o", columns))
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/));
    expect(nodes.map(([, ...values]) => values.join(" ")).sort()).toEqual([
      ...Array<string>(2).fill("4 3500m <none>"),
      ...Array<string>(3).fill("4 3500m node-role.kubernetes.io/master"),
    ]);
    const workers = nodes.filter((columns) => columns[3] === "<none>").map(([name]) => name);
    const agents = await podsOf("agent");
    expect(agents.map(({ spec }) => spec.nodeName).sort()).toEqual(workers.sort());
    for (const pod of await podsOf("web")) expect(workers).toContain(pod.spec.nodeName);
  });

  it("leaves pods pending that fit on no node, with the scheduler's reason", async () => {
    const apart = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "apart" } } },
        ],
      },
    };
    await apply(
      workload("Deployment", "huge", 1, template("huge", "4")),
      workload("Deployment", "apart", 3, template("apart", "100m", { affinity: apart })),
    );
    await kubectl("wait", "deployment/apart", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=60s");
    const [huge] = await podsOf("huge");
    expect(unschedulable(huge)).toMatch(/2 Insufficient cpu, 3 node\(s\) had untolerated taint {node-role.kubernetes.io\/master: }/);
    const pending = (await podsOf("apart")).filter(({ status }) => status.phase === "Pending");
    expect(pending.map(unschedulable)).toEqual([expect.stringContaining("2 node(s) didn't match pod anti-affinity rules")]);
  });

  it("lets a disruption budget hold back a drain", async () => {
    const budget = (minAvailable: number) => ({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web" },
      spec: { minAvailable, selector: { matchLabels: { app: "web" } } },
    });
    const node = (await podsOf("web"))[0].spec.nodeName ?? "";
    const drain = () => kubectl("drain", node, "--ignore-daemonsets", "--force", "--pod-selector=app=web", "--timeout=8s");
    await apply(budget(3));
    await kubectl("wait", "pdb/web", "--for=jsonpath={.status.currentHealthy}=3", "--timeout=60s");
    await expect(drain()).rejects.toThrow("Cannot evict pod as it would violate the pod's disruption budget");
    await apply(budget(1));
    expect(await drain()).toContain("drained");
    await kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    expect((await podsOf("web")).filter(({ spec }) => spec.nodeName === node)).toEqual([]);
    await kubectl("uncordon", node);
  });

  it("lets chosen pods fail as a Stage object says", async () => {
    await apply({
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "Stage",
      metadata: { name: "image-is-missing" },
      spec: {
        weight: 1,
        resourceRef: { apiGroup: "v1", kind: "Pod" },
        selector: {
          matchLabels: { app: "broken" },
          matchExpressions: [
            { key: ".status.phase", operator: "In", values: ["Pending"] },
            { key: ".status.containerStatuses", operator: "DoesNotExist" },
            { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
          ],
        },
        next: {
          statusTemplate:
            'containerStatuses:\n- { name: main, image: none, imageID: "", ready: false, restartCount: 0, state: { waiting: { reason: ImagePullBackOff } } }',
        },
      },
    });
    await apply(workload("Deployment", "broken", 1));
    await kubectl(
      "wait",
      "pods",
      "-l",
      "app=broken",
      "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff",
    );
    await expect(kubectl("rollout", "status", "deployment/broken", "--timeout=5s")).rejects.toThrow("timed out waiting for the condition");
    await kubectl("delete", "deployment", "--all", "--timeout=60s");
    await kubectl("wait", "pods", "-l", "app in (web, huge, apart, broken)", "--for=delete", "--timeout=60s");
  });
}
