import { resourceRequests } from "../../config/capacity/demand";
import { imageReference } from "../../config/container-images";
import { DATABASE_REQUESTS, GUESTBOOK } from "../../config/example-application/settings";
import type { ApiObject } from "../object";
import { CONTAINER_RIGHTS, DATABASE, DATABASE_LABELS, DATABASE_PORT, DISK_LIMIT, inExample, NO_DISK_REQUEST, POD_FIELDS } from "./names";

/** Name and user of the database. */
const DATABASE_NAME = GUESTBOOK;

/** Key of the password in the Secret. */
const PASSWORD_KEY = "password";

/** The Secret with the database's password. `password` is a text, or an output with a text. */
export function databaseSecret(password: unknown): ApiObject {
  return { apiVersion: "v1", kind: "Secret", metadata: inExample(DATABASE), type: "Opaque", stringData: { [PASSWORD_KEY]: password } };
}

/** An environment variable whose value is the password in the Secret. */
function passwordVariable(name: string): object {
  return { name, valueFrom: { secretKeyRef: { name: DATABASE, key: PASSWORD_KEY } } };
}

/** The Service of the database. */
export function databaseService(): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: inExample(DATABASE),
    spec: { selector: DATABASE_LABELS, ports: [{ name: "postgresql", port: DATABASE_PORT, targetPort: DATABASE_PORT }] },
  };
}

/**
 * Environment variables with the address and the login of the database, for libpq (PostgreSQL documentation, "Environment Variables" of
 * libpq).
 */
export function databaseVariables(): readonly object[] {
  return [
    { name: "PGHOST", value: DATABASE },
    { name: "PGPORT", value: String(DATABASE_PORT) },
    { name: "PGDATABASE", value: DATABASE_NAME },
    { name: "PGUSER", value: GUESTBOOK },
    { name: "PGCONNECT_TIMEOUT", value: "5" },
    passwordVariable("PGPASSWORD"),
  ];
}

/**
 * PostgreSQL with a claim of the cluster's default class. The image runs with any user ID, and sets the password from the variable at every
 * start. It keeps the data in a subdirectory of the volume, so the volume's directory `lost+found` does no harm
 * (sclorg/postgresql-container, `16/root/usr/bin/run-postgresql` and `16/root/usr/share/container-scripts/postgresql`, master). The probes
 * run the image's own `check-container`, which succeeds if the database accepts connections.
 */
export function databaseSet(): ApiObject {
  const container = {
    name: "postgresql",
    image: imageReference("example-database"),
    imagePullPolicy: "IfNotPresent",
    // The image's start program passes its arguments to the server. PostgreSQL's default of 1 GB for the write-ahead log would fill the volume.
    args: ["run-postgresql", "-c", "max_wal_size=128MB"],
    ports: [{ name: "postgresql", containerPort: DATABASE_PORT }],
    env: [
      { name: "POSTGRESQL_USER", value: GUESTBOOK },
      { name: "POSTGRESQL_DATABASE", value: DATABASE_NAME },
      passwordVariable("POSTGRESQL_PASSWORD"),
    ],
    volumeMounts: [{ name: "data", mountPath: "/var/lib/pgsql/data" }],
    resources: {
      requests: { ...resourceRequests(DATABASE_REQUESTS), ...NO_DISK_REQUEST },
      limits: { memory: "512Mi", ...DISK_LIMIT },
    },
    // A recovery after a crash may take some minutes. The other probes begin only after the startup probe's first success.
    startupProbe: { exec: { command: ["/usr/libexec/check-container"] }, timeoutSeconds: 5, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { exec: { command: ["/usr/libexec/check-container"] }, timeoutSeconds: 5, periodSeconds: 10 },
    livenessProbe: { exec: { command: ["/usr/libexec/check-container"] }, timeoutSeconds: 10, periodSeconds: 30, failureThreshold: 6 },
    securityContext: CONTAINER_RIGHTS,
  };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: inExample(DATABASE),
    spec: {
      serviceName: DATABASE,
      replicas: 1,
      selector: { matchLabels: DATABASE_LABELS },
      template: { metadata: { labels: DATABASE_LABELS }, spec: { ...POD_FIELDS, containers: [container] } },
      // If exampleApplication is switched off, the volume with the guestbook's entries is deleted, too. A database that is only scaled down
      // keeps its volume.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  };
}
