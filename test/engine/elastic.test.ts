/** Elasticsearch, Kibana and Filebeat on a real API server with ECK's real definitions; stand-ins take the place of OLM and ECK. */
import { catalogInImage } from "@okd-aws/sandbox/cluster/olm-stand-in";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { publishDefinitions } from "./definitions/installed";
import { PlatformProject } from "./platform-project";
import { describeWithTools } from "./requirements";
import { RunningEck } from "./running-eck";
import { RunningOlm } from "./running-olm";

const program = `
  import { Elastic } from "./components/cluster/elastic";
  import { Operator } from "./components/cluster/operator";
  for (const entry of platform.operators) {
    const { ready: operator } = new Operator("operator-" + entry.package, { api, entry });
    if (platform.elastic) new Elastic("elastic", { api, settings: platform.elastic, operator });
  }
`;

const NAMESPACE = "elastic-logging";
const operator = {
  name: "elastic-cloud-eck",
  namespace: NAMESPACE,
  source: "community-operators",
  channel: "stable",
  startingCSV: "elastic-cloud-eck.v3.5.0",
  targetNamespaces: [NAMESPACE],
};
const logs = { operators: [operator], elasticLicence: "basic", elasticVersion: "9.4.3" };

interface Custom {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: { readonly health?: string; readonly phase?: string; readonly observedGeneration?: number };
}

describeWithTools("Elasticsearch, Kibana and Filebeat", () => {
  let project: PlatformProject;
  let olm: RunningOlm;
  let eck: RunningEck;
  let passwords: Record<string, unknown>;
  const users = { elasticUsers: [{ name: "anna", logs: ["application", "audit"] }] };

  beforeAll(async () => {
    project = await PlatformProject.make(program);
    await publishDefinitions(project.api, (await ensureToolchain(["elastic-definitions"])).tools["elastic-definitions"]);
    const catalog = catalogInImage("quay.io/operatorhubio/community-operator-index:v4.19");
    if (catalog === undefined) throw new Error("the stand-in has no catalog of the community");
    olm = await RunningOlm.start(project, operator.source, catalog);
    eck = RunningEck.start(project);
    passwords = await project.encrypted({ anna: "correct horse battery" });
  });

  afterAll(async () => {
    await (eck as RunningEck | undefined)?.stop();
    await (olm as RunningOlm | undefined)?.stop();
    await (project as PlatformProject | undefined)?.remove();
  });

  const custom = async (kind: "Elasticsearch" | "Kibana" | "Beat", name: string) => {
    const group = kind.toLowerCase();
    return (await project.read(`${group}.k8s.elastic.co/${kind === "Beat" ? "v1beta1" : "v1"}`, kind, name, NAMESPACE)) as
      Custom | undefined;
  };
  const beats = async () =>
    Promise.all(["application", "infrastructure", "audit"].map(async (kind) => (await custom("Beat", kind))?.status?.health));
  const volumes = async () => {
    const { items } = (await project.api.must("GET", `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`)) as {
      items: { metadata: { name: string; uid: string } }[];
    };
    return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
  };

  it("run at the end of the update that installs their operator", async () => {
    project.configure({ ...logs, ...users, elasticKibanaHost: "logs.apps.demo.okd.example.com", elasticUserPasswords: passwords });
    await project.up();
    expect((await custom("Elasticsearch", "logs"))?.status).toMatchObject({ phase: "Ready", health: "green", observedGeneration: 1 });
    expect((await custom("Kibana", "logs"))?.status?.health).toBe("green");
    expect(await beats()).toEqual(["green", "green", "green"]);
    expect(await project.read("route.openshift.io/v1", "Route", "logs", NAMESPACE)).toMatchObject({
      spec: { host: "logs.apps.demo.okd.example.com", to: { name: "logs-kb-http" }, tls: { termination: "reencrypt" } },
    });
    expect(await project.preview()).toEqual([]);
  });

  it("have an operator that may read nodes and storage classes, without further rights outside its namespace", async () => {
    const may = async (verb: string, group: string, resource: string) => {
      const answer = await project.api.must("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
        spec: { user: `system:serviceaccount:${NAMESPACE}:elastic-operator`, resourceAttributes: { verb, group, resource } },
      });
      return (answer as { status: { allowed: boolean } }).status.allowed;
    };
    expect(await Promise.all([may("watch", "", "nodes"), may("list", "storage.k8s.io", "storageclasses")])).toEqual([true, true]);
    expect(await Promise.all([may("update", "", "nodes"), may("get", "", "secrets")])).toEqual([false, false]);
  });

  it("have their users in Secrets, whose passwords the state keeps encrypted", async () => {
    const secret = (await project.read("v1", "Secret", "okd-aws-log-user-anna", NAMESPACE)) as unknown as { data: Record<string, string> };
    expect(Buffer.from(secret.data.password, "base64").toString()).toBe("correct horse battery");
    const state = await project.state();
    expect(state).not.toContain("correct horse battery");
    expect(state).not.toContain(secret.data.password);
  });

  it("get another retention by a restart of one Filebeat, and a kind of logs that is switched off has none", async () => {
    project.configure({ ...logs, ...users, elasticUserPasswords: passwords, elasticApplicationDays: 14, elasticAuditDays: 0 });
    const changes = (await project.preview()).map(({ op, name }) => `${op} ${name}`).sort();
    expect(changes).toEqual([
      "delete elastic-filebeat-audit",
      "delete elastic-filebeat-audit-files",
      "delete elastic-kibana-route",
      "update elastic-filebeat-application",
      "update elastic-filebeat-application-files",
      "update elastic-kibana",
      "update elastic-ready",
    ]);
    await project.up();
    expect(await beats()).toEqual(["green", "green", undefined]);
    expect(await project.read("apps/v1", "DaemonSet", "application-beat-filebeat", NAMESPACE)).toMatchObject({
      status: { desiredNumberScheduled: 4, updatedNumberScheduled: 4 },
    });
  });

  it("leave their volumes when they and their operator are removed, and use them again", async () => {
    const before = await volumes();
    expect(before).toHaveLength(3);
    project.configure({});
    await project.up();
    expect(await custom("Elasticsearch", "logs")).toBeUndefined();
    expect(await project.read("operators.coreos.com/v1alpha1", "Subscription", operator.name, NAMESPACE)).toBeUndefined();
    expect(await project.read("security.openshift.io/v1", "SecurityContextConstraints", "okd-aws-filebeat")).toBeUndefined();
    expect(await volumes()).toEqual(before);
    project.configure(logs);
    await project.up();
    expect((await custom("Elasticsearch", "logs"))?.status?.phase).toBe("Ready");
    expect(await volumes()).toEqual(before);
  });
});
