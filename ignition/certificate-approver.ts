import { basename } from "node:path";
import { approverAccount, approverToken } from "../cluster-objects/certificate-approver/account";
import { imageReference } from "../config/container-images";
import { kubeconfigForToken } from "../lib/kubernetes/kubeconfig";
import { toYaml } from "../lib/yaml";
import { archivedImage } from "./installer-host/images";
import type { Manifests } from "./manifests";

const { name, namespace } = approverAccount;

/** Directory of the status file, on the host and in the container. The approver can write nowhere else. */
const statusDirectory = "/var/lib/okd-certificate-approver";
export const approverStatus = `${statusDirectory}/status`;

/**
 * The approver's service account and its permissions, as files for openshift-install's asset directory: they exist as soon as the cluster
 * does. The account may read CSRs, look up whether a node exists, and approve for the two signers of kubelet certificates. Nothing else: it
 * may not even list nodes.
 */
export function approverManifests(): Manifests {
  const account = { kind: "ServiceAccount", name, namespace };
  // The file names are numbered, because the bootstrap instance creates the objects in this order, and a token Secret without its service
  // account is deleted.
  return files([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/service-account-token",
      metadata: { name: approverToken.name, namespace, annotations: { "kubernetes.io/service-account.name": name } },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: namespace },
      rules: [
        { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests/approval"], verbs: ["update"] },
        {
          apiGroups: ["certificates.k8s.io"],
          resources: ["signers"],
          resourceNames: ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"],
          verbs: ["approve"],
        },
        { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: namespace },
      subjects: [account],
    },
  ]);
}

function files(objects: readonly ({ readonly kind: string } & Readonly<Record<string, unknown>>)[]): Manifests {
  const path = (kind: string, index: number) => `manifests/99_okd-aws_${name}_${index + 1}-${kind.toLowerCase()}.yaml`;
  return Object.fromEntries(objects.map((object, index) => [path(object.kind, index), toYaml(object)]));
}

/**
 * The kubeconfig of the approver's service account.
 *
 * @param adminKubeconfig kubeconfig with the API's internal name as its TLS server name (`withInternalServerName`): the certificate of
 *   `api` may be configured and come from another CA, which the approver does not know
 * @param token the service account's token, decoded from the Secret's data
 * @throws Error if the administrator's kubeconfig names no server or no CA, or if the token is not a JSON Web Token
 */
export function approverKubeconfig(adminKubeconfig: string, token: string): string {
  // The token is a JSON Web Token. It is secret and therefore not part of the message.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw new Error(`the token of Secret ${namespace}/${approverToken.name} is not a service account's token; decode it from base64 first`);
  }
  return kubeconfigForToken(adminKubeconfig, { name, namespace, token });
}

/** Variables in the format of the unit's `environment` file, each quoted (systemd.exec(5), "EnvironmentFile="). */
export function approverEnvironment(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([key, value]) => `${key}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"\n`)
    .join("");
}

export interface ApproverUnitOptions {
  /** Image of Node.js 18 or newer: with a digest, with a version as its tag, or from the host's archive. @default the project's own */
  readonly image?: string;
  /**
   * Directory on the host, with the same path in the container. It contains `approver.js`, `config.json`, `kubeconfig` (which may come
   * later) and, with a proxy, `environment`. Unusual characters are refused, because no quoting would be safe for all programs that read
   * the path.
   */
  readonly directory: string;
}

/**
 * The systemd unit that runs the approver on the installer host. Its container sees only the approver's directory (read-only) and one
 * directory for its status. It uses the host's network, where EC2 provides the credentials of the instance profile. It has no capabilities
 * and cannot gain any.
 *
 * The file `environment` in the directory (`approverEnvironment`) may set HTTPS_PROXY and NO_PROXY, which podman passes on, and
 * NODE_EXTRA_CA_CERTS: the path of CA certificates to trust in addition to those of Node.js, such as those of a proxy that inspects TLS.
 *
 * @throws Error if the image is not pinned or the directory has unusual characters
 */
export function approverUnit({ image = imageReference("node"), directory }: ApproverUnitOptions): string {
  if (!/^[a-z0-9.:/_-]+(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) && image !== archivedImage("node")) {
    throw new Error(`image ${JSON.stringify(image)} is not pinned; add a version as its tag, or a digest, as in ${imageReference("node")}`);
  }
  if (!/^(\/[\w][\w.-]*)+$/.test(directory)) {
    throw new Error(`directory ${JSON.stringify(directory)} is not an absolute path of letters, digits, dots, dashes and underscores`);
  }
  const podman = [
    "/usr/bin/podman run",
    `--name=${name}`,
    "--replace",
    "--rm",
    "--pull=missing",
    "--log-driver=passthrough",
    "--network=host",
    "--read-only",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--memory=512m",
    "--pids-limit=64",
    "--env=NODE_EXTRA_CA_CERTS",
    `--volume=${directory}:${directory}:ro,Z`,
    `--volume=${statusDirectory}:${statusDirectory}:rw,Z`,
    image,
    `node ${directory}/approver.js --config ${directory}/config.json`,
  ];
  return `[Unit]
Description=Approves certificate signing requests of this cluster's verified instances
Wants=network-online.target
After=network-online.target
# Keeps trying, however long something is missing.
StartLimitIntervalSec=0

[Service]
EnvironmentFile=-${directory}/environment
StateDirectory=${basename(statusDirectory)}
ExecStart=${podman.join(" \\\n  ")}
Restart=always
RestartSec=10
TimeoutStartSec=300

[Install]
WantedBy=multi-user.target
`;
}
