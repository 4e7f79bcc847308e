import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resourceRequests } from "../../config/capacity/demand";
import { imageReference } from "../../config/container-images";
import { type ExampleRoute, GUESTBOOK, GUESTBOOK_REPLICAS, WEB_REQUESTS } from "../../config/example-application/settings";
import type { ApiObject } from "../object";
import { databaseVariables } from "./database";
import { CONTAINER_RIGHTS, DISK_LIMIT, inExample, NO_DISK_REQUEST, POD_FIELDS, WEB_LABELS, WEB_PORT } from "./names";

/** The program: one page in PHP, whose image already has the driver of PostgreSQL. */
const program = readFileSync(join(__dirname, "guestbook.php"), "utf8");

/** The program as a ConfigMap. */
export function guestbookProgram(): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: inExample(GUESTBOOK), data: { "index.php": program } };
}

/**
 * The web servers: Apache with PHP, as the image's start program runs them (sclorg/s2i-php-container, `8.3/s2i/bin/run`, master). With
 * PHP_CLEAR_ENV=OFF the program gets the variables of the container (the same file). `replicas` is left out, because the autoscaler sets it.
 */
export function guestbookDeployment(): ApiObject {
  const probe = (kind: "live" | "ready", more: object) => ({
    httpGet: { path: `/?probe=${kind}`, port: WEB_PORT },
    timeoutSeconds: 10,
    periodSeconds: 10,
    ...more,
  });
  const container = {
    name: "php",
    image: imageReference("example-web"),
    imagePullPolicy: "IfNotPresent",
    // The image's entry point runs this start program.
    args: ["/usr/libexec/s2i/run"],
    ports: [{ name: "http", containerPort: WEB_PORT }],
    env: [
      { name: "PHP_CLEAR_ENV", value: "OFF" },
      { name: "DISPLAY_ERRORS", value: "OFF" },
      // MiB for the compiled program. The program is small, and the image's default would be a third of the memory limit.
      { name: "OPCACHE_MEMORY_CONSUMPTION", value: "16" },
      ...databaseVariables(),
    ],
    volumeMounts: [{ name: "program", mountPath: "/opt/app-root/src", readOnly: true }],
    resources: {
      requests: { ...resourceRequests(WEB_REQUESTS), ...NO_DISK_REQUEST },
      limits: { memory: "384Mi", ...DISK_LIMIT },
    },
    startupProbe: probe("live", { periodSeconds: 2, failureThreshold: 60 }),
    readinessProbe: probe("ready", {}),
    // The liveness probe does not ask the database: a database that is down must not cause a restart of the web servers.
    livenessProbe: probe("live", { failureThreshold: 6 }),
    securityContext: CONTAINER_RIGHTS,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: inExample(GUESTBOOK),
    spec: {
      selector: { matchLabels: WEB_LABELS },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        // The hash changes with the program, so a changed program replaces the pods.
        metadata: { labels: WEB_LABELS, annotations: { "okd-aws/program": createHash("sha256").update(program).digest("hex") } },
        spec: {
          ...POD_FIELDS,
          ...SPREAD,
          containers: [container],
          volumes: [{ name: "program", configMap: { name: GUESTBOOK } }],
        },
      },
    },
  };
}

/** Two pods run on different nodes and in different zones if that is possible; in a cluster with one node both run on that node. */
const SPREAD = {
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: WEB_LABELS } } },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      topologyKey: "topology.kubernetes.io/zone",
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: WEB_LABELS },
    },
  ],
} as const;

/** Runs two to four web servers. The number follows from the part of the requested CPU that the web servers use. */
export function guestbookAutoscaler(): ApiObject {
  const { min, max } = GUESTBOOK_REPLICAS;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: inExample(GUESTBOOK),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: GUESTBOOK },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    },
  };
}

/** A drain takes one web server after the other. */
export function guestbookBudget(): ApiObject {
  const spec = { maxUnavailable: 1, selector: { matchLabels: WEB_LABELS } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: inExample(GUESTBOOK), spec };
}

/** The Service of the web servers. */
export function guestbookService(): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: inExample(GUESTBOOK),
    spec: { selector: WEB_LABELS, ports: [{ name: "http", port: WEB_PORT, targetPort: "http" }] },
  };
}

/** The Route of one router. TLS ends at the router, which uses its own certificate. */
export function guestbookRoute({ router, host, labels }: ExampleRoute): ApiObject {
  return {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata: { ...inExample(`${GUESTBOOK}-${router}`), ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {
      host,
      port: { targetPort: "http" },
      tls: { termination: "edge", insecureEdgeTerminationPolicy: "Redirect" },
      to: { kind: "Service", name: GUESTBOOK, weight: 100 },
    },
  };
}
