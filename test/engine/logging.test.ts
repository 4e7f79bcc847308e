import { setTimeout as sleep } from "node:timers/promises";
import { LoggingOperatorStandIn, LokiOperatorStandIn } from "@okd-aws/sandbox/cluster/logging";
import { catalogInImage } from "@okd-aws/sandbox/cluster/olm-stand-in";
import type { ApiObject } from "../../cluster-objects/object";
import { ClusterClient } from "../../lib/kubernetes/client";
import { waitForLogging } from "../../steps/logging/wait";
import { LOGGING_OPERATOR, LOKI_OPERATOR, SPLUNK, SYSLOG } from "../unit/config/logging/example";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { RunningLogging } from "./running-logging";
import { RunningOlm } from "./running-olm";
import { standInApi } from "./stand-in-loop";

const ROLE = "arn:aws:iam::123456789012:role/demo-loki";

/** The bucket exists already. With the test's own key `useRole` Loki has a role, as in credentials mode manual. */
const program = `
  import { Operator } from "./components/cluster/operator";
  import { Logging } from "./components/cluster/logging";
  const operators = new Map(platform.operators.map((entry) => [entry.package, new Operator("operator-" + entry.package, { api, entry })]));
  const { logging: settings } = platform;
  if (settings) {
    const roleArn = new pulumi.Config("test").getBoolean("useRole") ? pulumi.output("${ROLE}") : undefined;
    const storage = { bucket: pulumi.output("demo-loki"), region: "us-east-1", statements: pulumi.output([]), roleArn };
    const ready = (name: string) => operators.get(name)?.ready;
    new Logging("logging", {
      api,
      settings,
      operators: { collectors: ready("cluster-logging")!, loki: ready("loki-operator"), console: ready("cluster-observability-operator") },
      storage: settings.loki && storage,
    });
  }
`;

const CONSOLE_OPERATOR = {
  name: "cluster-observability-operator",
  namespace: "openshift-cluster-observability-operator",
  source: "redhat-operators",
  channel: "stable",
  startingCSV: "cluster-observability-operator.v1.2.0",
};
const operators = [LOKI_OPERATOR, LOGGING_OPERATOR, CONSOLE_OPERATOR];
const store = { operators, lokiSize: "1x.demo", logKinds: ["application", "audit"], lokiAuditDays: 90 };
const namespace = "openshift-logging";

describeWithTools("logging", () => {
  let project: PlatformProject;
  let olm: RunningOlm;
  let standIns: RunningLogging;

  beforeAll(async () => {
    project = await PlatformProject.make(program, {});
    const catalog = catalogInImage("registry.example.com/redhat-operator-index:v4.19");
    if (catalog === undefined) throw new Error("the sandbox has no catalog of Red Hat");
    await project.api.must("POST", "/api/v1/namespaces", { metadata: { name: "openshift-cloud-credential-operator" } });
    olm = await RunningOlm.start(project, "redhat-operators", catalog);
    const api = standInApi(project);
    standIns = RunningLogging.start(api, [new LokiOperatorStandIn(api), new LoggingOperatorStandIn(api)]);
    const secrets = await project.encrypted({ siem: "hunter2" });
    project.configure({
      ...store,
      logOutputs: [SPLUNK, SYSLOG],
      logOutputSecrets: secrets,
      logPipelines: [
        { name: "security", kinds: ["audit"], outputs: ["siem"] },
        { name: "team", kinds: ["application"], namespaces: ["team-*"], outputs: ["archive"] },
      ],
      logReaders: [{ name: "auditors", group: "auditors", kinds: ["audit"] }],
    });
  });

  afterAll(async () => {
    await (standIns as RunningLogging | undefined)?.stop();
    await (olm as RunningOlm | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const read = (apiVersion: string, kind: string, name: string) => project.read(apiVersion, kind, name, namespace);
  const status = async (apiVersion: string, kind: string, name: string) =>
    ((await read(apiVersion, kind, name)) as { status?: { conditions?: { type: string; status: string; message: string }[] } } | undefined)
      ?.status;
  const condition = async (apiVersion: string, kind: string, name: string, type: string) =>
    (await status(apiVersion, kind, name))?.conditions?.find((each) => each.type === type);
  const secret = async (name: string) => {
    const { data = {} } = ((await read("v1", "Secret", name)) ?? {}) as { data?: Record<string, string> };
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  };

  it("runs, with the keys that the cloud credential operator has made, and forwards logs", async () => {
    // The kinds do not exist yet.
    expect(await project.preview()).toContainEqual({ op: "create", name: "logging-loki", fields: [] });
    const { output } = await project.up();
    expect(output).toContain("the collectors run on 1 node");
    expect(await condition("loki.grafana.com/v1", "LokiStack", "logging-loki", "Ready")).toMatchObject({ status: "True" });
    expect(await condition("observability.openshift.io/v1", "ClusterLogForwarder", "okd-aws", "Ready")).toMatchObject({ status: "True" });
    expect(await secret("okd-aws-loki")).toEqual({
      bucketnames: "demo-loki",
      region: "us-east-1",
      endpoint: "https://s3.us-east-1.amazonaws.com",
      access_key_id: "AKIAMINTED",
      access_key_secret: "minted-s3cret",
    });
    expect(await secret("okd-aws-log-outputs")).toEqual({ "siem.token": "hunter2" });
    const { data } = (await read("v1", "ConfigMap", "okd-aws-config")) as unknown as { data: Record<string, string> };
    expect(data["vector.toml"]).toContain("[sinks.output_archive.tls]\nenabled = true");
    expect(await project.read("observability.openshift.io/v1alpha1", "UIPlugin", "logging")).toBeDefined();
    for (const name of [namespace, LOKI_OPERATOR.namespace])
      expect((await project.read("v1", "Namespace", name))?.metadata.labels).toMatchObject({ "openshift.io/cluster-monitoring": "true" });
    expect(await project.preview()).toEqual([]);
    expect(await project.state()).not.toMatch(/hunter2|minted-s3cret|bWludGVkLXMzY3JldA/);
  });

  it("lets the auditors read audit logs and nothing else", async () => {
    const allowed = async (kind: string, group: string) => {
      const { status: answer } = (await project.api.must("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: "eve",
          groups: [group],
          resourceAttributes: { group: "loki.grafana.com", resource: kind, name: "logs", verb: "get" },
        },
      })) as { status: { allowed: boolean } };
      return answer.allowed;
    };
    expect([await allowed("audit", "auditors"), await allowed("application", "auditors"), await allowed("audit", "others")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("uses keys that the cloud credential operator has changed", async () => {
    await standIns.mint("AKIAROTATED", "rotated-s3cret");
    await project.up();
    expect(await secret("okd-aws-loki")).toMatchObject({ access_key_id: "AKIAROTATED", access_key_secret: "rotated-s3cret" });
  });

  it("only forwards without a size, and says why the collectors may not collect until they may", async () => {
    project.configure({
      operators,
      logOutputs: [SYSLOG],
      logPipelines: [{ name: "security", kinds: ["infrastructure"], outputs: ["archive"] }],
    });
    await project.up();
    expect(await read("loki.grafana.com/v1", "LokiStack", "logging-loki")).toBeUndefined();
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    const { metadata, ...binding } = (await project.api.must("GET", `${path}/okd-aws-collect-infrastructure-logs`)) as unknown as ApiObject;
    await project.api.must("DELETE", `${path}/${metadata.name}`);
    const wait = () =>
      waitForLogging(
        new ClusterClient(project.api.adminKubeconfig(`https://127.0.0.1:${project.api.port}`)),
        { namespace, forwarder: "okd-aws" },
        { timeouts: { total: 20, patience: 0.05, pause: 0.2, settle: 1 } },
      );
    await olm.until("the refusal", async () => {
      const found = await condition(
        "observability.openshift.io/v1",
        "ClusterLogForwarder",
        "okd-aws",
        "observability.openshift.io/Authorized",
      );
      return found?.status === "False" ? true : undefined;
    });
    await expect(wait()).rejects.toThrow('insufficient permissions on service account, not authorized to collect ["infrastructure"] logs');
    await project.api.must("POST", path, { ...binding, metadata: { name: metadata.name } });
    standIns.collectorsStart = false;
    const outcome = wait().then(() => "ended");
    await sleep(3000);
    expect(await Promise.race([outcome, sleep(0, "waits")])).toBe("waits");
    standIns.collectorsStart = true;
    expect(await outcome).toBe("ended");
  });

  it("leaves the operators when it is switched off, and works with a role", async () => {
    project.configure({ operators });
    await project.up();
    expect(await read("observability.openshift.io/v1", "ClusterLogForwarder", "okd-aws")).toBeUndefined();
    expect(await read("v1", "Secret", "okd-aws-loki")).toBeUndefined();
    expect(await read("operators.coreos.com/v1alpha1", "Subscription", "cluster-logging")).toBeDefined();
    expect((await project.read("v1", "Namespace", namespace))?.metadata.labels).not.toHaveProperty("openshift.io/cluster-monitoring");
    project.configure({ ...store, "test:useRole": "true" });
    await project.up();
    expect(await secret("okd-aws-loki")).toEqual({ bucketnames: "demo-loki", region: "us-east-1", role_arn: ROLE });
    const { storage } = ((await status("loki.grafana.com/v1", "LokiStack", "logging-loki")) ?? {}) as { storage?: object };
    expect(storage).toEqual({ credentialMode: "token", schemas: [{ version: "v13", effectiveDate: "2024-10-01" }] });
  });
});
