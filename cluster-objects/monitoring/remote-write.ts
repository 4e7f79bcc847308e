import type { RemoteWrite } from "../../config/remote-write/settings";
import type { ApiObject } from "../object";

const SECRET = { name: "okd-aws-remote-write", namespace: "openshift-monitoring" };

/**
 * Gives each series the cluster's ID as the label `cluster_id`. Without it, series of two clusters can be the same to their target: every
 * cluster's Prometheus has the same external labels. The operator adds the temporary label before a target's relabelings and drops it after
 * them (openshift/cluster-monitoring-operator, `pkg/manifests/manifests.go`, addRemoteWriteConfigs, release-4.14 to 4.22).
 */
const CLUSTER_ID = { sourceLabels: ["__tmp_openshift_cluster_id__"], targetLabel: "cluster_id", action: "replace" };

/**
 * Entries of `prometheusK8s.remoteWrite` (openshift/cluster-monitoring-operator, `pkg/manifests/types.go`, RemoteWriteSpec; the types of
 * the fields are in `vendor/github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1`; release-4.14 to release-4.22 have
 * all fields that are used here). A field with a secret names a Secret in the same namespace, and a key in it.
 */
export function remoteWriteFields(targets: readonly RemoteWrite[]): object[] {
  return targets.map((target) => ({
    name: target.name,
    url: target.url,
    ...authenticationFields(target),
    writeRelabelConfigs: [CLUSTER_ID, ...(target.metrics && target.metrics.length > 0 ? [keepOnly(target.metrics)] : [])],
  }));
}

/** The Kubernetes Secret with the targets' passwords, tokens and keys; its data is base64. Undefined if no target has any. */
export function remoteWriteSecret(targets: readonly RemoteWrite[]): (ApiObject & { readonly data: Record<string, string> }) | undefined {
  const entries = targets.flatMap((target) => Object.entries(secretTexts(target)).map(([part, text]) => [keyOf(target, part), text]));
  if (entries.length === 0) return undefined;
  const data = Object.fromEntries(entries.map(([key, text]) => [key, Buffer.from(text).toString("base64")])) as Record<string, string>;
  return { apiVersion: "v1", kind: "Secret", metadata: SECRET, type: "Opaque", data };
}

function authenticationFields(target: RemoteWrite): object {
  const reference = (part: string) => ({ name: SECRET.name, key: keyOf(target, part) });
  switch (target.authentication) {
    case "none":
      return {};
    case "basic":
      return { basicAuth: { username: reference("username"), password: reference("password") } };
    case "bearer":
      return { authorization: { type: "Bearer", credentials: reference("token") } };
    case "sigv4": {
      const { region, roleArn } = target;
      const keys = { accessKey: reference("access-key"), secretKey: reference("secret-key") };
      return { sigv4: { region, ...keys, ...(roleArn !== undefined && { roleArn }) } };
    }
  }
}

/**
 * The texts of a target that are in the Secret, by name, such as `username`. Prometheus reads user names and access key IDs from a Secret,
 * too.
 */
function secretTexts(target: RemoteWrite): Readonly<Record<string, string>> {
  const secret = target.secret?.reveal() ?? "";
  switch (target.authentication) {
    case "none":
      return {};
    case "basic":
      return { username: target.username, password: secret };
    case "bearer":
      return { token: secret };
    case "sigv4":
      return { "access-key": target.accessKeyId, "secret-key": secret };
  }
}

function keyOf({ name }: RemoteWrite, part: string): string {
  return `${name}.${part}`;
}

/** Drops all metrics but those with one of the names. Prometheus anchors the expression. */
function keepOnly(metrics: readonly string[]): object {
  const regex = metrics.map((each) => each.replaceAll("*", ".*")).join("|");
  return { sourceLabels: ["__name__"], regex, action: "keep" };
}
