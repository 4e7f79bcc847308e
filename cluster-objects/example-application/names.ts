import { EXAMPLE_NAMESPACE, GUESTBOOK } from "../../config/example-application/settings";

/** Name of the database: of its StatefulSet, Service and Secret. */
export const DATABASE = "guestbook-database";

/** Labels of the pods of the web server and of the database. */
export const WEB_LABELS = { app: GUESTBOOK } as const;
export const DATABASE_LABELS = { app: DATABASE } as const;

/** Port of the web server (sclorg/s2i-php-container, `8.3/Dockerfile.c9s`, master). */
export const WEB_PORT = 8080;

/** Port of the database (sclorg/postgresql-container, `16/Dockerfile.c9s`, master). */
export const DATABASE_PORT = 5432;

/** Metadata of an object in the namespace of the example application. */
export function inExample(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: EXAMPLE_NAMESPACE };
}

/**
 * Seconds after which the web servers leave a node that does not answer. Kubernetes' default is 300. This project's choice. The database's
 * pod is not replaced after this time: Kubernetes replaces a pod of a StatefulSet only when the kubelet has confirmed the pod's end, or
 * when the Node is deleted (Kubernetes documentation, "Force Delete StatefulSet Pods").
 */
const LEAVE_AFTER_SECONDS = 60;

/** The rights of every container: those that SCC restricted-v2 allows. OpenShift chooses the container's user and the volume's group. */
export const CONTAINER_RIGHTS = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } as const;

/**
 * Limit of a container's data on its node's disk, such as the temporary files of uploads. The web server's image allows uploads of 200 MB for each
 * request (sclorg/s2i-php-container, `8.3/root/opt/app-root/etc/php.ini.template`, master). A pod that exceeds it is replaced.
 */
export const DISK_LIMIT = { "ephemeral-storage": "256Mi" } as const;

/** Reserves no space on the node's disk. Without this field, Kubernetes would reserve as much as the limit. */
export const NO_DISK_REQUEST = { "ephemeral-storage": "0" } as const;

/** Fields that all pods have. */
export const POD_FIELDS = {
  automountServiceAccountToken: false,
  // Otherwise each container would get variables with the addresses of the Services that exist when the container starts. These would
  // depend on the order in which a restore creates the objects.
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  tolerations: ["not-ready", "unreachable"].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: LEAVE_AFTER_SECONDS,
  })),
} as const;
