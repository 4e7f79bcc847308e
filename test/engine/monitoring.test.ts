import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import { parseYaml11 } from "../../lib/yaml-1.1";
import { observingProgram } from "./observing-program";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";

const infra = { "node-role.kubernetes.io/infra": "" };
const place = { nodeSelector: infra, tolerations: [{ key: "node-role.kubernetes.io/infra", effect: "NoSchedule", operator: "Exists" }] };

/** The content of the platform's ConfigMap before the stack configures monitoring: written by hand, with booleans of YAML 1.1. */
const byHand = `# by hand
prometheusK8s:
  externalLabels: {environment: demo}
  retention: 10d
  remoteWrite: [{name: theirs, url: "https://theirs.example.com/write"}]
telemeterClient: {enabled: no}
`;

describeWithTools("the settings of monitoring", () => {
  let project: PlatformProject;

  beforeAll(async () => {
    project = await PlatformProject.make(observingProgram("Monitoring"));
    project.configure({
      remoteWrites: [
        { name: "central", authentication: "bearer", url: "https://metrics.example.com/write", metrics: ["up", "cluster_*"] },
        { name: "basic", authentication: "basic", url: "https://basic.example.com/write", username: "okd" },
      ],
      remoteWriteSecrets: await project.encrypted({ central: "hunter2", basic: "hunter3" }),
      monitoringRetention: "30d",
      monitoringRetentionSize: "80GiB",
      prometheusVolumeGib: 100,
      alertmanagerVolumeGib: 10,
      monitoringStorageClass: "gp3-csi",
      monitoringOnInfraNodes: true,
      infraCount: 3,
      userWorkloadMonitoring: true,
      userWorkloadRetention: "7d",
      userWorkloadVolumeGib: 50,
    });
    const metadata = { name: "cluster-monitoring-config", namespace: "openshift-monitoring" };
    await project.seed({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "config.yaml": byHand } });
  });

  afterAll(async () => {
    await (project as PlatformProject | undefined)?.remove();
  });

  const textOf = async (name: string, namespace: string) => {
    const found = await project.read("v1", "ConfigMap", name, namespace);
    return (found as unknown as { data: Record<string, string> } | undefined)?.data["config.yaml"];
  };
  const platformText = () => textOf("cluster-monitoring-config", "openshift-monitoring");
  const userText = () => textOf("user-workload-monitoring-config", "openshift-user-workload-monitoring");
  const contentOf = (text = "") => parseYaml11(text).toJS() as Record<string, unknown>;
  const volume = (storage: string) => ({
    volumeClaimTemplate: { spec: { storageClassName: "gp3-csi", resources: { requests: { storage } } } },
  });

  it("are merged into the ConfigMaps' own content, and a second preview finds no change", async () => {
    const { output } = await project.up();
    const platform = contentOf(await platformText());
    expect(platform).toMatchObject({
      enableUserWorkload: true,
      prometheusK8s: { externalLabels: { environment: "demo" }, retention: "30d", retentionSize: "80GiB", ...volume("100Gi"), ...place },
      alertmanagerMain: { ...volume("10Gi"), ...place },
      telemeterClient: { enabled: false, ...place },
      metricsServer: place,
      thanosQuerier: place,
    });
    expect(contentOf(await userText())).toEqual({
      alertmanager: place,
      prometheus: { retention: "7d", ...volume("50Gi"), ...place },
      prometheusOperator: place,
      thanosRuler: place,
    });
    expect(output).not.toContain("each volume stays in its zone");
    expect(await project.preview()).toEqual([]);
    const state = await project.state();
    for (const secret of ["hunter2", "hunter3", ...["hunter2", "hunter3"].map((text) => Buffer.from(text).toString("base64"))]) {
      expect(output).not.toContain(secret);
      expect(state).not.toContain(secret);
    }
  });

  it("send metrics to the configured targets after those that somebody has written, with secrets from one Secret", async () => {
    const { prometheusK8s } = contentOf(await platformText()) as { prometheusK8s: { remoteWrite: Record<string, unknown>[] } };
    const clusterId = { sourceLabels: ["__tmp_openshift_cluster_id__"], targetLabel: "cluster_id", action: "replace" };
    expect(prometheusK8s.remoteWrite).toEqual([
      { name: "theirs", url: "https://theirs.example.com/write" },
      {
        name: "central",
        url: "https://metrics.example.com/write",
        authorization: { type: "Bearer", credentials: { name: "okd-aws-remote-write", key: "central.token" } },
        writeRelabelConfigs: [clusterId, { sourceLabels: ["__name__"], regex: "up|cluster_.*", action: "keep" }],
      },
      {
        name: "basic",
        url: "https://basic.example.com/write",
        basicAuth: {
          username: { name: "okd-aws-remote-write", key: "basic.username" },
          password: { name: "okd-aws-remote-write", key: "basic.password" },
        },
        writeRelabelConfigs: [clusterId],
      },
    ]);
    const secret = await project.read("v1", "Secret", "okd-aws-remote-write", "openshift-monitoring");
    const { data } = secret as unknown as { data: Record<string, string> };
    const texts = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]);
    expect(Object.fromEntries(texts)).toEqual({ "central.token": "hunter2", "basic.username": "okd", "basic.password": "hunter3" });
  });

  it("change only their own fields", async () => {
    project.configure({ monitoringRetention: "20d" });
    expect((await project.preview()).map(({ op, name, fields }) => [op, name, ...fields].join(" ")).sort()).toEqual([
      "delete monitoring-remote-write",
      "delete monitoring-user-workload",
      "delete monitoring-user-workload-original",
      'update monitoring-platform data["config.yaml"]',
    ]);
    await project.up();
    expect(contentOf(await platformText())).toEqual({
      prometheusK8s: {
        externalLabels: { environment: "demo" },
        retention: "20d",
        remoteWrite: [{ name: "theirs", url: "https://theirs.example.com/write" }],
      },
      telemeterClient: { enabled: false },
    });
    expect(await userText()).toBe("");
  });

  it("warn when pods with volumes move to the infra nodes, and not afterwards", async () => {
    const volumes = { prometheusVolumeGib: 100, alertmanagerVolumeGib: 10 };
    project.configure(volumes);
    await project.up();
    project.configure({ ...volumes, monitoringOnInfraNodes: true, infraCount: 3 });
    const warning = "the pods of prometheusK8s and alertmanagerMain move to the infra nodes, but each volume stays in its zone";
    expect((await project.up()).output).toContain(warning);
    expect((await project.up()).output).not.toContain("each volume stays in its zone");
  });

  it("are replaced by the original content when they are removed", async () => {
    project.configure({});
    await project.up();
    expect(await platformText()).toBe(byHand);
    const table = readFileSync(join(projectDirectory, "docs/singletons.md"), "utf8");
    expect(table).toMatch(/cluster-monitoring-config`, `config.yaml` \|.*\| the original text; empty if there was none \|/);
    const found = await project.read("v1", "ConfigMap", "cluster-monitoring-config", "openshift-monitoring");
    expect(found?.metadata.annotations ?? {}).not.toHaveProperty("okd-aws/original-config");
  });

  it("are not compared while the cluster does not answer, and a warning says so", async () => {
    project.configure({ monitoringRetention: "20d" });
    await project.up();
    await project.killApi();
    const { output } = await project.pulumi("preview");
    expect(output).toContain("could not read the configuration of monitoring in the cluster, so it is not compared");
    expect(output).not.toMatch(/^ [~+-]/m);
  });

  it("are not written by an update that could not read the text into which they are merged", async () => {
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("could not read the configuration of monitoring in the cluster: ");
  });
});
