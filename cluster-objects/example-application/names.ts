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

/** Seconds after which pods leave a node that does not answer. Kubernetes' default is 300. This project's choice. */
const LEAVE_AFTER_SECONDS = 60;

/** The rights of every container: those that SCC restricted-v2 allows. OpenShift chooses the user and the group of the volume. */
export const CONTAINER_RIGHTS = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } as const;

/** Fields that all pods have. */
export const POD_FIELDS = {
  automountServiceAccountToken: false,
  // Variables with the addresses of all Services would depend on the order in which a restore creates the objects.
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  tolerations: ["not-ready", "unreachable"].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: LEAVE_AFTER_SECONDS,
  })),
} as const;
