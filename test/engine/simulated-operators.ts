import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dump } from "js-yaml";

type Kubectl = (...args: string[]) => Promise<string>;

const namespace = "grafana-operator";
const pods = ["get", "pods", "-n", namespace, "-l", "app.kubernetes.io/name=grafana-operator", "-o"];

/** The test of an operator in a simulated cluster. `kubectl` and `directory` exist when it runs. */
export function testOperators(cluster: () => { readonly kubectl: Kubectl; readonly directory: string }): void {
  const kubectl: Kubectl = (...args) => cluster().kubectl(...args);
  const until = async (wanted: string, ...args: string[]): Promise<void> => {
    for (const deadline = Date.now() + 60_000; ;) {
      const found = await kubectl(...args);
      if (found === wanted) return;
      if (Date.now() > deadline) throw new Error(`kubectl ${args.join(" ")}: ${found}, not ${wanted}`);
      await sleep(500);
    }
  };
  const subscription = (path: string) => ["get", "subscription", "grafana-operator", "-n", namespace, "-o", `jsonpath={${path}}`];

  it("installs an operator, whose pod the scheduler places", async () => {
    const file = join(cluster().directory, "operator.yaml");
    const spec = {
      name: "grafana-operator",
      channel: "v5",
      source: "community-operators",
      sourceNamespace: "openshift-marketplace",
      startingCSV: "grafana-operator.v5.21.2",
      installPlanApproval: "Manual",
    };
    const metadata = { name: namespace, namespace };
    const objects = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "operators.coreos.com/v1", kind: "OperatorGroup", metadata, spec: { targetNamespaces: [namespace] } },
      { apiVersion: "operators.coreos.com/v1alpha1", kind: "Subscription", metadata, spec },
    ];
    writeFileSync(file, objects.map((object) => dump(object)).join("---\n"));
    await kubectl("apply", "-f", file);

    for (const version of ["5.21.2", "5.22.2"]) {
      await until("UpgradePending", ...subscription(".status.state"));
      await until(`grafana-operator.v${version}`, ...subscription(".status.currentCSV"));
      const plan = await kubectl(...subscription(".status.installPlanRef.name"));
      await kubectl("patch", "installplan", plan, "-n", namespace, "--type", "merge", "-p", '{"spec":{"approved":true}}');
      const versions = "jsonpath={range .items[*]}{.metadata.name} {.status.phase}{end}";
      await until(`grafana-operator.v${version} Succeeded`, "get", "csv", "-n", namespace, "-o", versions);
    }
    const workers = await kubectl("get", "nodes", "-l", "node-role.kubernetes.io/worker,!node-role.kubernetes.io/master", "-o", "name");
    const [node, phase] = (await kubectl(...pods, "jsonpath={.items[0].spec.nodeName} {.items[0].status.phase}")).split(" ");
    expect(workers.split("\n")).toContain(`node/${node}`);
    expect(phase).toBe("Running");

    await kubectl("delete", "subscription,csv", "--all", "-n", namespace);
    await until("", ...pods, "name");
    expect(await kubectl("get", "crd", "grafanas.grafana.integreatly.org", "-o", "name")).toContain("grafanas");
  });
}
