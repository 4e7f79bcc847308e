import { createHash } from "node:crypto";
import type { LogKind } from "../../config/log-kind";
import { ELASTIC_NAMESPACE, type ElasticConfiguration, FILEBEAT_REQUESTS, type LogStream } from "../../config/elastic/settings";
import { resourceRequests } from "../../config/capacity/demand";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { indexTemplate, lifecyclePolicy } from "./indices";
import { ELASTICSEARCH, FILEBEAT, inElastic, streamOf } from "./names";

/** Directory in the container with the index template and the lifecycle policy. */
const FILES = "/etc/okd-aws";

/** Directories of the node with the containers' logs. The first directory contains links to the files in the second. */
const CONTAINER_LOGS = ["/var/log/containers", "/var/log/pods"];

/**
 * Audit logs of the API servers, one JSON object per line (openshift/cluster-logging-operator, `internal/generator/vector/input/audit.go`,
 * release-6.6).
 */
const API_AUDIT = ["kube-apiserver", "openshift-apiserver", "oauth-apiserver", "oauth-server"].map((name) => `/var/log/${name}`);

/** Audit logs of the node's kernel and of the network (openshift/cluster-logging-operator, `audit.go`, as above). */
const NODE_AUDIT = ["/var/log/audit", "/var/log/ovn"];

/**
 * Namespaces of the platform (`infraNamespaces` in `container.go` in the same directory as `audit.go`), and the namespace of Elasticsearch.
 */
const PLATFORM_NAMESPACES = ["default", "openshift*", "kube*", ELASTIC_NAMESPACE];

/**
 * Filebeat for one kind of logs, on every node. Each kind has its own Filebeat, so that many logs of one kind do not delay the other kinds.
 * When Filebeat connects to Elasticsearch, it writes the kind's lifecycle policy and index template (elastic/beats,
 * `libbeat/idxmgmt/index_support.go`, main). The license level Basic has no other way to apply these two. The operator adds the address,
 * the CA and a user of Elasticsearch.
 */
export function filebeat(stream: LogStream, settings: Pick<ElasticConfiguration, "version" | "nodes" | "volumeGib">): ApiObject[] {
  const { kind } = stream;
  const name = streamOf(kind);
  const template = JSON.stringify(indexTemplate(kind, settings), null, 1);
  const data = { "template.json": template, "policy.json": JSON.stringify(lifecyclePolicy(stream, settings), null, 1) };
  const beat: ApiObject = {
    apiVersion: "beat.k8s.elastic.co/v1beta1",
    kind: "Beat",
    metadata: inElastic(kind),
    spec: {
      type: "filebeat",
      version: settings.version,
      elasticsearchRef: { name: ELASTICSEARCH },
      config: {
        // The value of the fields host.name and agent.name of each record. By default it is the pod's name (elastic/beats,
        // `libbeat/publisher/processing/default.go`, main).
        name: "${NODE_NAME}",
        "filebeat.inputs": inputs(kind),
        ...(kind !== "audit" && { processors: [podMetadata] }),
        "output.elasticsearch": { index: name },
        "setup.template": {
          name,
          pattern: name,
          overwrite: true,
          json: { enabled: true, name, path: `${FILES}/template.json`, data_stream: true },
        },
        "setup.ilm": { enabled: true, overwrite: true, policy_name: name, policy_file: `${FILES}/policy.json` },
      },
      daemonSet: {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "34%" } },
        podTemplate: podTemplate(kind, createHash("sha256").update(JSON.stringify(data)).digest("hex")),
      },
    },
  };
  return [{ apiVersion: "v1", kind: "ConfigMap", metadata: inElastic(name), data }, beat];
}

/** Adds the names and labels of the pod. The metadata of its node, namespace and owners is left out: it would be a large part of each record. */
const podMetadata = {
  add_kubernetes_metadata: {
    node: "${NODE_NAME}",
    "default_matchers.enabled": false,
    matchers: [{ logs_path: { logs_path: `${CONTAINER_LOGS[0]}/` } }],
    add_resource_metadata: { namespace: { enabled: false }, node: { enabled: false }, deployment: false, cronjob: false },
  },
};

function inputs(kind: LogKind): object[] {
  if (kind === "audit")
    return [
      {
        ...files("api-audit", {
          // The API server renames a full file to audit-<time>.log (natefinch/lumberjack, README, v2.0).
          paths: API_AUDIT.map((directory) => `${directory}/audit*.log`),
          parsers: [{ ndjson: { target: "kubernetes.audit", add_error_key: true } }],
          // Two files are equal for Filebeat if these bytes are equal. The ID and the stage, which differ in each event, are in the event's
          // first 200 bytes (kubernetes/apiserver, `pkg/apis/audit/v1/types.go`, master).
          fingerprintBytes: 256,
        }),
        processors: [auditTime],
      },
      files("node-audit", {
        // Rotated files get a number, such as audit.log.1 (linux-audit/audit-userspace, `docs/auditd.conf.5`, master).
        paths: [`${NODE_AUDIT[0]}/audit.log*`, `${NODE_AUDIT[1]}/acl-audit-log.log*`],
        exclude: ["\\.gz$"],
        // The minimum that Filebeat allows. It is enough, because the first line of a file begins with its time and a number.
        fingerprintBytes: 64,
      }),
    ];
  // A log file is named <pod>_<namespace>_<container>-<ID>.log. The three parts contain no underscore, so these patterns match only the
  // namespace (kubernetes/kubernetes, `pkg/kubelet/kuberuntime/legacy.go`, release-1.33).
  const [directory] = CONTAINER_LOGS;
  const platform = PLATFORM_NAMESPACES.map((each) => `${directory}/*_${each}_*.log`);
  const excluded = `_(${PLATFORM_NAMESPACES.map((each) => each.replace("*", "[^_]*")).join("|")})_[^_]*$`;
  return [
    files(kind, {
      paths: kind === "infrastructure" ? platform : [`${directory}/*.log`],
      ...(kind === "application" && { exclude: [excluded] }),
      parsers: [{ container: {} }],
      links: true,
      // The minimum that Filebeat allows. It is enough, because a container's first line begins with its time in nanoseconds. With the
      // default of 1024, Filebeat would not read smaller files.
      fingerprintBytes: 64,
    }),
  ];
}

/** Sets a record's time to the time of the audit event. Otherwise the record would have the time at which Filebeat reads it. */
const auditTime = {
  timestamp: {
    field: "kubernetes.audit.stageTimestamp",
    layouts: ["2006-01-02T15:04:05.999999Z"],
    test: ["2026-08-21T13:21:35.123456Z"],
    ignore_missing: true,
  },
};

interface Files {
  readonly paths: readonly string[];
  readonly exclude?: readonly string[];
  readonly parsers?: readonly object[];
  readonly links?: boolean;
  /** Number of bytes at the beginning of a file by which Filebeat recognizes the file. */
  readonly fingerprintBytes: number;
}

/**
 * An input of files (elastic.co, Filebeat reference, "filestream input" and "Files are not fully ingested when using autodiscover").
 * Filebeat recognizes a renamed file by its fingerprint, and does not read it again.
 */
function files(id: string, { paths, exclude, parsers, links = false, fingerprintBytes }: Files): object {
  return {
    type: "filestream",
    id,
    paths,
    ...(parsers && { parsers }),
    // When a log is rotated or a pod ends, the file disappears from its path. Filebeat must still read the open file to its end.
    "close.on_state_change.removed": false,
    "file_identity.fingerprint": {},
    "prospector.scanner": {
      symlinks: links,
      "fingerprint.enabled": true,
      "fingerprint.length": fingerprintBytes,
      ...(exclude && { exclude_files: exclude }),
    },
  };
}

function podTemplate(kind: LogKind, digest: string): object {
  const directories = kind === "audit" ? [...API_AUDIT, ...NODE_AUDIT] : CONTAINER_LOGS;
  const logs = directories.map((path) => ({ name: path.split("/").at(-1) ?? "", path }));
  const container = {
    // The operator recognizes the container by this name, and adds its other fields.
    name: "filebeat",
    env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    // Only root reads the logs, and only with this SELinux type; no further right is needed (openshift/cluster-logging-operator,
    // `internal/collector/collector.go` and `internal/auth/securitycontextconstraint.go`, release-6.6).
    securityContext: {
      runAsUser: 0,
      privileged: false,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seLinuxOptions: { type: "spc_t" },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: resourceRequests(FILEBEAT_REQUESTS), limits: { cpu: "1", memory: "500Mi" } },
    volumeMounts: [
      ...logs.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
      { name: "okd-aws", mountPath: FILES, readOnly: true },
    ],
  };
  return {
    // Filebeat reads the index template and the lifecycle policy only when it starts, so a change of these files must restart the pods.
    metadata: { annotations: { "okd-aws/files": digest } },
    spec: {
      serviceAccountName: FILEBEAT,
      automountServiceAccountToken: kind !== "audit",
      terminationGracePeriodSeconds: 30,
      tolerations: [{ operator: "Exists" }],
      containers: [container],
      volumes: [...logs.map(({ name, path }) => ({ name, hostPath: { path } })), { name: "okd-aws", configMap: { name: streamOf(kind) } }],
    },
  };
}

/**
 * The service account of Filebeat with its rights: to read the node's files, and to read pods, nodes and namespaces (elastic/cloud-on-k8s,
 * `config/recipes/beats/filebeat_autodiscover.yaml`, v3.5.0, without ReplicaSets).
 */
export function filebeatAccount(): Readonly<Record<"account" | "constraints" | "role" | "binding", ApiObject>> {
  const rbac = "rbac.authorization.k8s.io";
  return {
    account: { apiVersion: "v1", kind: "ServiceAccount", metadata: inElastic(FILEBEAT) },
    constraints: {
      apiVersion: "security.openshift.io/v1",
      kind: "SecurityContextConstraints",
      metadata: { name: FILEBEAT },
      priority: 0,
      allowPrivilegedContainer: false,
      allowPrivilegeEscalation: false,
      defaultAllowPrivilegeEscalation: false,
      allowHostDirVolumePlugin: true,
      allowHostIPC: false,
      allowHostNetwork: false,
      allowHostPID: false,
      allowHostPorts: false,
      allowedCapabilities: [],
      defaultAddCapabilities: [],
      requiredDropCapabilities: ["ALL"],
      forbiddenSysctls: ["*"],
      readOnlyRootFilesystem: false,
      runAsUser: { type: "RunAsAny" },
      seLinuxContext: { type: "RunAsAny" },
      fsGroup: { type: "RunAsAny" },
      supplementalGroups: { type: "RunAsAny" },
      seccompProfiles: ["runtime/default"],
      volumes: ["configMap", "emptyDir", "hostPath", "projected", "secret"],
      users: [`system:serviceaccount:${ELASTIC_NAMESPACE}:${FILEBEAT}`],
      groups: [],
    },
    role: {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: FILEBEAT },
      rules: [{ apiGroups: [""], resources: ["namespaces", "nodes", "pods"], verbs: ["get", "list", "watch"] }],
    },
    binding: {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: FILEBEAT },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: FILEBEAT },
      subjects: [serviceAccountSubject(`${ELASTIC_NAMESPACE}/${FILEBEAT}`)],
    },
  };
}
