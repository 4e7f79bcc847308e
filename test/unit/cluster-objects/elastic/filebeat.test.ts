import { filebeat, filebeatAccount } from "../../../../cluster-objects/elastic/filebeat";
import type { LogKind } from "../../../../config/log-kind";

interface Input {
  readonly id: string;
  readonly paths: readonly string[];
  readonly "close.on_state_change.removed"?: boolean;
  readonly "prospector.scanner": { readonly exclude_files?: readonly string[]; readonly "fingerprint.length": number };
}

interface Spec {
  readonly config: Readonly<Record<string, unknown>> & { readonly "filebeat.inputs": readonly Input[] };
  readonly daemonSet: {
    readonly podTemplate: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly volumes: readonly { readonly hostPath?: { readonly path: string } }[];
        readonly containers: readonly object[];
      };
    };
  };
}

const settings = { version: "9.4.3", nodes: 3, volumeGib: 100 };
const made = (kind: LogKind, retentionDays = 7, more: object = {}) => {
  const [files, beat] = filebeat({ kind, retentionDays }, { ...settings, ...more });
  return { files: files as unknown as { data: Record<string, string> }, spec: beat.spec as Spec };
};
const inputs = (kind: LogKind) => made(kind).spec.config["filebeat.inputs"];

/** Whether an input reads a file. A `*` of Filebeat's patterns stands for any text without a slash (golang/go, `path/filepath`). */
function reads({ paths, "prospector.scanner": { exclude_files: excluded = [] } }: Input, file: string): boolean {
  const fits = (glob: string) => new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`).test(file);
  return paths.some(fits) && !excluded.some((each) => new RegExp(each).test(file));
}

const ID = "0".repeat(64);

test.each<[namespace: string, kind: LogKind]>([
  ["shop", "application"],
  ["default-shop", "application"],
  ["my-openshift", "application"],
  ["team-kube-tools", "application"],
  ["default", "infrastructure"],
  ["openshift", "infrastructure"],
  ["openshift-monitoring", "infrastructure"],
  ["kube-system", "infrastructure"],
  ["elastic-logging", "infrastructure"],
])("the logs of the namespace %s are %s logs and no other kind", (namespace, kind) => {
  const file = `/var/log/containers/web-5d4f8_${namespace}_kube-proxy-${ID}.log`;
  const readers = (["application", "infrastructure", "audit"] as const).filter((each) => inputs(each).some((input) => reads(input, file)));
  expect(readers).toEqual([kind]);
});

test("a project's logs do not become infrastructure logs through names of its pods and containers", () => {
  const file = `/var/log/containers/openshift-kube-default_shop_openshift-x-${ID}.log`;
  expect(inputs("infrastructure").some((input) => reads(input, file))).toBe(false);
  expect(inputs("application").some((input) => reads(input, file))).toBe(true);
});

test.each<[file: string, input: string | undefined]>([
  ["/var/log/kube-apiserver/audit.log", "api-audit"],
  ["/var/log/kube-apiserver/audit-2026-08-21T13-21-35.123.log", "api-audit"],
  ["/var/log/oauth-server/audit.log", "api-audit"],
  ["/var/log/kube-apiserver/termination.log", undefined],
  ["/var/log/audit/audit.log", "node-audit"],
  ["/var/log/audit/audit.log.4", "node-audit"],
  ["/var/log/ovn/acl-audit-log.log", "node-audit"],
  ["/var/log/ovn/acl-audit-log.log.1.gz", undefined],
])("the audit file %s, which may be a rotated one, is read by the input %s", (file, id) => {
  expect(
    inputs("audit")
      .filter((input) => reads(input, file))
      .map((input) => input.id),
  ).toEqual(id === undefined ? [] : [id]);
});

test("an open file is read to its end, even if it is rotated away meanwhile", () => {
  const all = (["application", "infrastructure", "audit"] as const).flatMap(inputs);
  expect(all.map((input) => input["close.on_state_change.removed"])).toEqual(all.map(() => false));
});

/** The first fields of an audit event, in the order in which the API server writes them. The test needs only the first bytes. */
const event = (auditID: string, stage: string) =>
  JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID,
    stage,
    requestURI: "/" + "x".repeat(300),
  });

test("Filebeat's fingerprints differ for files that begin with audit events of the same request", () => {
  const [{ "prospector.scanner": scanner }] = inputs("audit");
  const id = "9d2af2a4-7d4e-4b8e-9b7e-1d2c3b4a5f60";
  const begins = ["RequestReceived", "ResponseStarted", "ResponseComplete"].map((stage) =>
    event(id, stage).slice(0, scanner["fingerprint.length"]),
  );
  expect(new Set(begins).size).toBe(3);
});

test("each record of every kind has the name of its node", () => {
  for (const kind of ["application", "infrastructure", "audit"] as const) {
    const { config, daemonSet } = made(kind).spec;
    expect(config.name).toBe("${NODE_NAME}");
    const [{ env }] = daemonSet.podTemplate.spec.containers as [{ env: object[] }];
    expect(env).toContainEqual({ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } });
  }
});

test("a Filebeat mounts only the directories of its kind of logs, and all of them read-only", () => {
  const mounts = (kind: LogKind) => {
    const { containers, volumes } = made(kind).spec.daemonSet.podTemplate.spec;
    const [{ volumeMounts }] = containers as [{ volumeMounts: { readOnly: boolean }[] }];
    expect(volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
    return volumes.flatMap(({ hostPath }) => (hostPath ? [hostPath.path] : []));
  };
  expect(mounts("application")).toEqual(["/var/log/containers", "/var/log/pods"]);
  expect(mounts("audit")).not.toContain("/var/log/pods");
  expect(mounts("audit")).toContain("/var/log/kube-apiserver");
});

test("a Filebeat writes to the data stream of its kind, and applies the stream's policy and template under the stream's name", () => {
  const { spec, files } = made("audit", 30);
  expect(spec.config).toMatchObject({
    "output.elasticsearch": { index: "filebeat-audit" },
    "setup.template": {
      name: "filebeat-audit",
      pattern: "filebeat-audit",
      overwrite: true,
      json: { name: "filebeat-audit", data_stream: true },
    },
    "setup.ilm": { overwrite: true, policy_name: "filebeat-audit" },
  });
  const template = JSON.parse(files.data["template.json"]) as {
    index_patterns: string[];
    template: { settings: { index: { lifecycle: object } } };
  };
  expect(template.index_patterns).toEqual(["filebeat-audit"]);
  expect(template.template.settings.index.lifecycle).toEqual({ name: "filebeat-audit" });
});

test("a changed retention restarts the Filebeats of this kind of logs, because a Filebeat reads the policy only at its start", () => {
  const digest = (days: number) => made("application", days).spec.daemonSet.podTemplate.metadata.annotations["okd-aws/files"];
  expect(digest(14)).not.toBe(digest(7));
  expect(digest(7)).toBe(digest(7));
});

test("a Filebeat's pod reads the node's files as root but without privileges, and its security context constraints allow no more", () => {
  const [container] = made("application").spec.daemonSet.podTemplate.spec.containers as [{ securityContext: object }];
  expect(container.securityContext).toMatchObject({
    runAsUser: 0,
    privileged: false,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seLinuxOptions: { type: "spc_t" },
  });
  expect(filebeatAccount().constraints).toMatchObject({
    allowPrivilegedContainer: false,
    allowPrivilegeEscalation: false,
    allowHostNetwork: false,
    allowHostPID: false,
    requiredDropCapabilities: ["ALL"],
    users: ["system:serviceaccount:elastic-logging:okd-aws-filebeat"],
    groups: [],
  });
});
