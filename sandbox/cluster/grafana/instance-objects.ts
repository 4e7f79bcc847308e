import { randomBytes } from "node:crypto";
import type { KubeObject } from "../api";
import type { GrafanaContainer, GrafanaInstance } from "./objects";

/** The port on which Grafana listens (grafana/grafana-operator, `controllers/config/operator_constants.go`, v5.22.2). */
const PORT = 3000;

/** The Secrets that a container of Grafana needs before it starts: by name, each with the keys to which variables refer. */
export function neededSecrets({ spec }: GrafanaInstance): ReadonlyMap<string, readonly string[]> {
  const { volumes = [], containers = [] } = spec.deployment?.spec?.template?.spec ?? {};
  const needed = new Map<string, string[]>();
  for (const { secret } of volumes) if (secret) needed.set(secret.secretName, []);
  for (const { env = [] } of containers)
    for (const { valueFrom } of env)
      if (valueFrom?.secretKeyRef) {
        const { name, key } = valueFrom.secretKeyRef;
        needed.set(name, [...(needed.get(name) ?? []), key]);
      }
  return needed;
}

/** The Secret with the administrator's login. It is made once (`controllers/reconcilers/grafana/admin_secret_reconciler.go`). */
export function adminSecret(grafana: GrafanaInstance): KubeObject {
  const user = grafana.spec.config?.security?.admin_user ?? "admin";
  const login = { GF_SECURITY_ADMIN_USER: user, GF_SECURITY_ADMIN_PASSWORD: randomBytes(10).toString("base64url") };
  const data = Object.fromEntries(Object.entries(login).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  return { ...owned(grafana, "v1", "Secret", "admin-credentials"), data };
}

/** The other objects that the operator makes for a Grafana, except a Route, because this project's program creates its own Route (`controllers/reconcilers/grafana/`). */
export function instanceObjects(grafana: GrafanaInstance): KubeObject[] {
  const { metadata, spec } = grafana;
  const selector = { app: metadata.name };
  const service = owned(grafana, "v1", "Service", "service");
  const annotations = spec.service?.metadata?.annotations;
  return [
    { ...owned(grafana, "v1", "ConfigMap", "ini"), data: { "grafana.ini": iniOf(spec.config ?? {}) } },
    owned(grafana, "v1", "ServiceAccount", "sa"),
    {
      ...service,
      metadata: { ...service.metadata, ...(annotations && { annotations }) },
      spec: { selector, ports: [{ name: "grafana", port: PORT, targetPort: "grafana-http" }] },
    },
    {
      ...owned(grafana, "v1", "Service", "alerting"),
      spec: { clusterIP: "None", selector, ports: [{ name: "grafana-alert", port: 9094, targetPort: 9094 }] },
    },
    { ...owned(grafana, "apps/v1", "Deployment", "deployment"), spec: deploymentOf(grafana) },
  ];
}

/** The Deployment with the overrides of the Grafana (`controllers/reconcilers/grafana/deployment_reconciler.go`). */
function deploymentOf({ metadata, spec }: GrafanaInstance): object {
  const labels = { app: metadata.name };
  const { containers = [], volumes = [], ...placement } = spec.deployment?.spec?.template?.spec ?? {};
  const override: Partial<GrafanaContainer> = containers.find(({ name }) => name === "grafana") ?? {};
  const { env = [], volumeMounts = [], readinessProbe } = override;
  const login = ["GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD"].map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: `${metadata.name}-admin-credentials`, key: name } },
  }));
  const container = {
    name: "grafana",
    image: spec.version,
    ports: [{ name: "grafana-http", containerPort: PORT, protocol: "TCP" }],
    env: [...login, ...env],
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1024Mi" } },
    readinessProbe: { httpGet: { path: "/api/health", port: PORT, scheme: "HTTP", ...readinessProbe?.httpGet } },
    volumeMounts: [{ name: `${metadata.name}-ini`, mountPath: "/etc/grafana/grafana.ini", subPath: "grafana.ini" }, ...volumeMounts],
  };
  const pod = {
    serviceAccountName: `${metadata.name}-sa`,
    containers: [container],
    volumes: [{ name: `${metadata.name}-ini`, configMap: { name: `${metadata.name}-ini` } }, ...volumes],
    ...placement,
  };
  return { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } };
}

/** Grafana's configuration file (`controllers/config/grafana_ini.go`). */
function iniOf(config: NonNullable<GrafanaInstance["spec"]["config"]>): string {
  return Object.keys(config)
    .sort()
    .map((section) =>
      [`[${section}]`, ...Object.entries(config[section] ?? {}).map(([key, value = ""]) => `${key} = ${value}`), ""].join("\n"),
    )
    .join("\n");
}

/** An object whose name ends with `part`, and that the garbage collector deletes with the Grafana. */
function owned({ apiVersion, kind, metadata }: GrafanaInstance, version: string, ownKind: string, part: string): KubeObject {
  const { name, namespace, uid } = metadata;
  const ownerReferences = [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
  return { apiVersion: version, kind: ownKind, metadata: { name: `${name}-${part}`, namespace, ownerReferences } };
}
