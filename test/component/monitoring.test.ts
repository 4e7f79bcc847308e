/** The resources that the program declares for the cluster's monitoring. program.ts lists the facts that this kind of test cannot prove. */
import { load } from "js-yaml";
import { devStack } from "./configurations";
import { Program } from "./program";

const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:Monitoring$"));
const contentOf = ({ inputs }: { readonly inputs: Record<string, unknown> }) =>
  load((inputs.data as Record<string, string>)["config.yaml"]) as Record<string, { nodeSelector?: object } | undefined>;

test("a stack without keys for monitoring declares nothing for it", async () => {
  expect(own(await Program.run(devStack({})))).toEqual([]);
});

test("monitoring moves to the infra nodes after these nodes have their label and taint", async () => {
  const program = await Program.run(devStack({ infraCount: 2, routerShards: [], monitoringOnInfraNodes: true }));
  const patch = program.one("kubernetes:core/v1:ConfigMapPatch", "monitoring-platform");
  expect(contentOf(patch).prometheusK8s?.nodeSelector).toEqual({ "node-role.kubernetes.io/infra": "" });
  const marks = program.all("command:local:Command").filter(({ name }) => /^infra-nodes-\d/.test(name));
  expect(marks.map((mark) => program.isAfter(patch, mark))).toEqual([true, true]);
});

test("the Secret of remote writes comes before the settings that refer to it, and its data is secret", async () => {
  const remoteWrites = [{ name: "central", authentication: "bearer", url: "https://metrics.example.com/api/v1/write" }];
  const keys = { remoteWrites, remoteWriteSecrets: { central: "t0ken" } };
  const program = await Program.run(devStack(keys), {}, ["okd-aws:remoteWriteSecrets"]);
  const secret = program.one("kubernetes:core/v1:Secret", "monitoring-remote-write");
  expect(program.isAfter(program.one("kubernetes:core/v1:ConfigMapPatch", "monitoring-platform"), secret)).toBe(true);
  expect(secret.inputs.data).toEqual({ "central.token": Buffer.from("t0ken").toString("base64") });
  expect(secret.readable.data).toBe("[secret]");
});

test("on a new cluster an empty text is restored, which has the operator's defaults", async () => {
  const program = await Program.run(devStack({ monitoringRetention: "30d", userWorkloadMonitoring: true }));
  expect(
    own(program)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["monitoring-platform", "monitoring-platform-original", "monitoring-user-workload", "monitoring-user-workload-original"]);
  expect(contentOf(program.one("kubernetes:core/v1:ConfigMapPatch", "monitoring-platform"))).toEqual({
    enableUserWorkload: true,
    prometheusK8s: { retention: "30d" },
  });
  const { inputs } = program.one("command:local:Command", "monitoring-user-workload-original");
  expect(JSON.parse(inputs.delete as string)).toEqual({
    namespace: "openshift-user-workload-monitoring",
    name: "user-workload-monitoring-config",
    key: "config.yaml",
    annotation: "okd-aws/original-config",
  });
});
