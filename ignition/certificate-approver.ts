import { basename } from "node:path";
import { load } from "js-yaml";
import { imageReference } from "../config/container-images";
import { toYaml } from "../config/yaml";
import { archivedImage } from "./installer-host/images";
import type { Manifests } from "./manifest-patches";

const name = "certificate-approver";
const namespace = "okd-aws-certificate-approver";
/** The account, and the Lease of the same name that it renews while it works. */
export const approverAccount = { namespace, name } as const;
/** The Secret in which the cluster writes the account's token. */
export const approverToken = { namespace, name: `${name}-token` } as const;

/** Where the service writes whether it works, on the host and in its container: the only place that it may write to. */
const statusDirectory = "/var/lib/okd-certificate-approver";
export const approverStatus = `${statusDirectory}/status`;

/**
 * The account that approves certificate requests, as files for openshift-install's asset directory: it exists as soon as the
 * cluster does. It may read requests, learn whether a node exists, and approve for the two signers of kubelets' certificates.
 * Nothing else, not even list nodes.
 */
export function approverManifests(): Manifests {
  const account = { kind: "ServiceAccount", name, namespace };
  // Numbered: the bootstrap machine creates them in this order, and a token's Secret without its account is deleted.
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

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: Readonly<Record<string, unknown>> }[];
}

/**
 * The account's kubeconfig: server, certificate authority and TLS server name of a kubeconfig of the administrator's, and the account's token in
 * place of the administrator's key.
 *
 * @param adminKubeconfig with the API's internal name as its TLS server name (`byInternalName`): the certificate of `api` may be configured to be
 *   another authority's, of which the approver knows nothing
 * @param token the account's token, as it is in the Secret's data once decoded
 * @throws Error when the administrator's kubeconfig doesn't name a server and a certificate authority, or the token isn't one
 */
export function approverKubeconfig(adminKubeconfig: string, token: string): string {
  const cluster = (load(adminKubeconfig) as Kubeconfig | undefined)?.clusters?.[0]?.cluster ?? {};
  const { server, "certificate-authority-data": authority, "tls-server-name": serverName } = cluster;
  if (typeof server !== "string" || typeof authority !== "string") {
    throw new Error(
      "the administrator's kubeconfig names no server or no certificate-authority-data; use the one that openshift-install wrote",
    );
  }
  // A token is a JSON Web Token: the value itself, which is secret, stays out of the message.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw new Error(`the token of Secret ${namespace}/${approverToken.name} is not a service account's token; decode it from base64 first`);
  }
  const reached = { server, "certificate-authority-data": authority, ...(serverName !== undefined && { "tls-server-name": serverName }) };
  return toYaml({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: reached }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: "cluster", user: name, namespace } }],
    "current-context": name,
  });
}

/** Variables as the unit's `environment` file, each quoted (systemd.exec(5), "EnvironmentFile="). */
export function approverEnvironment(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([key, value]) => `${key}="${value.replaceAll(/[\\"$`]/g, "\\$&")}"\n`)
    .join("");
}

export interface ApproverUnitOptions {
  /** Image of Node.js 18 or newer: with a digest, with a tag that is a version, or one of the host's archive. @default the project's own */
  readonly image?: string;
  /**
   * Directory on the host, with the same path in the container: `approver.js`, `config.json`, `kubeconfig` (which may come
   * later) and, where there is a proxy, `environment`. No quoting would be safe for all who read it, so odd characters are refused.
   */
  readonly directory: string;
}

/**
 * The systemd unit that runs the approver on the installer host: in a container that sees its own directory, read only, one directory to
 * write its status to, and the host's network (EC2 answers for the machine's profile there), with no capability and no way to gain one.
 *
 * The file `environment` in the directory (`approverEnvironment`) may set HTTPS_PROXY, NO_PROXY (podman passes these on) and NODE_EXTRA_CA_CERTS, the
 * path of certificates of authorities that are trusted besides Node's own: those of a proxy that looks into what it passes on.
 *
 * @throws Error when image or directory are not of that form
 */
export function approverUnit({ image = imageReference("node"), directory }: ApproverUnitOptions): string {
  if (!/^[a-z0-9.:/_-]+(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) && image !== archivedImage("node")) {
    throw new Error(`image ${JSON.stringify(image)} is not pinned; give it a version's tag or a digest, as in ${imageReference("node")}`);
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
Description=Approves certificate requests of this cluster's verified machines
Wants=network-online.target
After=network-online.target
# However long something is missing, it keeps trying.
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
