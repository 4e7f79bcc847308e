/** The node agent's objects, decoded. */
import {
  maintenanceConfig,
  nodeAgentConfig,
  nodeAgentDaemonSet,
  nodeAgentPolicy,
  repositoryPassword,
} from "../../../../cluster-objects/velero/node-agent";
import { dataProtectionApplication } from "../../../../cluster-objects/velero/oadp";
import { veleroDeployment, veleroNamespace } from "../../../../cluster-objects/velero/server";
import { imageReference } from "../../../../config/container-images";
import { Secret } from "../../../../config/secret";

const password = new Secret("only-in-this-test");

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext?: object;
}
interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes: readonly { readonly name: string; readonly hostPath?: object }[];
    readonly tolerations?: readonly object[];
    readonly serviceAccountName: string;
  };
}
const templateOf = (object: object) => (object as { spec: { template: Template } }).spec.template;
const valueOf = (object: object, key: string) => JSON.parse((object as { data: Record<string, string> }).data[key]) as unknown;

describe("the node agent's DaemonSet", () => {
  const { metadata, spec } = templateOf(nodeAgentDaemonSet({ kind: "secret" }));
  const [agent, ...others] = spec.containers;

  test("has exactly one container, whose image, variables and volumes Velero gives to the pods that copy files", () => {
    expect(others).toEqual([]);
    expect(agent.image).toBe(imageReference("velero"));
    const variables = Object.fromEntries(agent.env.map(({ name, value }) => [name, value]));
    expect(variables).toMatchObject({ AWS_SHARED_CREDENTIALS_FILE: "/credentials/credentials", HOME: "/scratch" });
    expect(agent.volumeMounts.map(({ name }) => name).sort()).toEqual(spec.volumes.map(({ name }) => name).sort());
  });

  test("mounts the kubelet's directory of pods under the name and at the path that Velero expects", () => {
    expect(spec.volumes).toContainEqual({ name: "host-pods", hostPath: { path: "/var/lib/kubelet/pods" } });
    expect(agent.volumeMounts).toContainEqual({ name: "host-pods", mountPath: "/host_pods", mountPropagation: "HostToContainer" });
  });

  test("is privileged, runs on nodes with any taint, and has the labels by which Velero finds it", () => {
    expect(agent.securityContext).toEqual({ privileged: true });
    expect(spec.tolerations).toEqual([{ operator: "Exists" }]);
    expect(metadata.labels).toEqual({ name: "node-agent", role: "node-agent" });
    expect(metadata.annotations).toEqual({ "openshift.io/required-scc": "privileged" });
  });

  test("uses the server's role in credentials mode manual, and the region of STS, without which kopia gets no credentials", () => {
    const role = { kind: "role", arn: "arn:aws:iam::123456789012:role/x", audience: "sts.amazonaws.com", region: "eu-south-2" } as const;
    const [{ env }] = templateOf(nodeAgentDaemonSet(role)).spec.containers;
    expect(env).toContainEqual({ name: "AWS_ROLE_ARN", value: role.arn });
    expect(env).toContainEqual({ name: "AWS_REGION", value: "eu-south-2" });
  });

  test("reads the ConfigMap that makes the pods privileged", () => {
    const name = agent.args.find((arg) => arg.startsWith("--node-agent-configmap="))?.split("=")[1];
    expect(nodeAgentConfig().metadata.name).toBe(name);
    expect(valueOf(nodeAgentConfig(), "node-agent.json")).toEqual({ privilegedFsBackup: true });
  });
});

describe("Velero's server", () => {
  const server = (repositoryPassword?: Secret) =>
    templateOf(veleroDeployment({ snapshots: false, ...(repositoryPassword && { repositoryPassword }) }, { kind: "secret" }));

  test("must run with the SCC restricted-v2, and so must its maintenance jobs", () => {
    const annotations = { "openshift.io/required-scc": "restricted-v2" };
    expect(server().metadata.annotations).toEqual(annotations);
    const { name } = maintenanceConfig().metadata;
    expect(server(password).spec.containers[0].args).toEqual(["server", `--repo-maintenance-job-configmap=${name}`]);
    expect(valueOf(maintenanceConfig(), "global")).toEqual({ podAnnotations: annotations });
  });

  test("refers to no ConfigMap of maintenance without the node agent", () => {
    expect(server().spec.containers[0].args).toEqual(["server"]);
  });
});

test("Velero's namespace allows privileged pods only with the node agent", () => {
  const levels = [{}, { repositoryPassword: password }].map(
    (settings) => veleroNamespace(settings).metadata.labels?.["pod-security.kubernetes.io/enforce"],
  );
  expect(levels).toEqual(["restricted", "privileged"]);
});

test("the password is in the Secret and under the key that Velero reads", () => {
  expect(repositoryPassword("p", "openshift-adp")).toMatchObject({
    metadata: { name: "velero-repo-credentials", namespace: "openshift-adp" },
    stringData: { "repository-password": "p" },
  });
});

test("nobody may connect to the node agent", () => {
  const { spec } = nodeAgentPolicy("velero") as unknown as { spec: object };
  expect(spec).toEqual({ podSelector: { matchLabels: { name: "node-agent" } }, policyTypes: ["Ingress"] });
});

test("OADP runs the node agent with kopia on nodes with any taint, only if the repositories have a password", () => {
  const configuration = (settings: object) => {
    const { spec } = dataProtectionApplication({ snapshots: true, ...settings }, { bucket: "b", region: "us-east-1" });
    return (spec as { configuration: { nodeAgent?: object } }).configuration;
  };
  expect(configuration({ repositoryPassword: password }).nodeAgent).toEqual({
    enable: true,
    uploaderType: "kopia",
    podConfig: { resourceAllocations: { requests: { cpu: "100m", memory: "128Mi" } }, tolerations: [{ operator: "Exists" }] },
  });
  expect(configuration({})).not.toHaveProperty("nodeAgent");
});

test("the cluster's default node selector does not apply to Velero's namespace while the node agent runs", () => {
  expect(veleroNamespace({ repositoryPassword: password }).metadata.annotations).toEqual({ "openshift.io/node-selector": "" });
  expect(veleroNamespace({}).metadata.annotations).toBeUndefined();
});
