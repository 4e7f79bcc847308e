import type { ResourceChange, ResourceProperties } from "../../../lib/pulumi/change";
import { isRemoval, updatesFields, isInside, allOf, hasName, impact, type Impact, type ImpactRow } from "./row";
import { elasticRows } from "./elastic";
import { loggingRows } from "./logging";
import { operatorRows } from "./operators";

/** The impact of changes to the cluster's objects, and of the program's commands in the cluster. */
export const clusterRows: readonly ImpactRow[] = [
  ...operatorRows,
  ...elasticRows,
  ...loggingRows,
  {
    type: /:MachineConfig(Patch)?$/,
    when: () => true,
    impact: (change) => {
      const pool = poolOf(change);
      return impact("restarts", `restarts ${pool} one by one, about 10 minutes each`, `restarts ${pool} one by one`)();
    },
  },
  {
    type: /:(KubeletConfig|ContainerRuntimeConfig)(Patch)?$/,
    when: () => true,
    impact: impact("restarts", "restarts the nodes of its pools one by one, about 10 minutes each"),
  },
  {
    type: /:(Image(Digest|Tag)MirrorSet|ImageContentSourcePolicy|ProxyPatch)$/,
    when: () => true,
    impact: impact("restarts", "restarts every node one by one, about 10 minutes each"),
  },
  {
    type: /:ClusterVersionPatch$/,
    when: (change) => desiredVersion(change.after) !== desiredVersion(change.before),
    impact: ({ after }) => updatesTo(desiredVersion(after)),
  },
  {
    type: /^command:/,
    when: allOf(updatesFields(), isInside("okd:cluster:Release"), asksForAnotherRelease),
    impact: ({ after }) => updatesTo(releaseIn(after)?.[0] as string | undefined),
  },
  {
    type: /^command:/,
    when: allOf(({ operation }) => operation !== "delete", hasName(/(^|-)kubeadmin(-|$)/)),
    impact: impact(
      "can't be undone",
      "removes kubeadmin once another administrator has logged in: it can't be restored",
      "removes kubeadmin permanently",
    ),
  },
  {
    type: /^command:/,
    when: isInside("okd:cluster:HtpasswdUsers"),
    impact: impact("interrupts", "changes who can log in by password: sessions of removed users end when their tokens expire"),
  },
  {
    type: /:APIServerPatch$/,
    when: allOf(({ operation }) => operation !== "delete", touches("spec.encryption")),
    impact: impact("interrupts", "encrypts etcd's content again and restarts the API servers, for up to an hour", "encrypts etcd again"),
  },
  {
    type: /:(APIServer|KubeAPIServer|OAuth)Patch$/,
    when: () => true,
    impact: impact(
      "restarts",
      "restarts the API or login servers one by one, without an interruption",
      "restarts the API or login servers",
    ),
  },
  {
    type: /:ConfigMapPatch$/,
    when: isInside("okd:cluster:Monitoring"),
    impact: impact(
      "restarts",
      "restarts the pods of monitoring whose settings changed: metrics and silences that are not on a volume are lost",
      "restarts pods of monitoring",
    ),
  },
  {
    type: /:Grafana$/,
    // Only the beginning of a path is compared: section names contain dots, so a path may have brackets, such as
    // `spec.config["auth.generic_oauth"]`.
    when: ({ operation, fields }) => operation === "update" && fields.some((path) => /^spec\.(config|deployment|version)\b/.test(path)),
    impact: impact(
      "restarts",
      "restarts Grafana: everybody logs in again, and dashboards and tokens that somebody has made in Grafana itself are lost",
      "restarts Grafana",
    ),
  },
  {
    type: /:Grafana$/,
    when: isRemoval,
    impact: impact("interrupts", "removes Grafana with dashboards that somebody has made in Grafana itself", "removes Grafana"),
  },
  {
    type: /:IngressController$/,
    when: ({ operation, fields }) => operation === "replace" && fields.some((field) => field === "spec.domain"),
    impact: ({ before, after }) => ({
      severity: "interrupts",
      text: `moves the router shard from *.${domainOf(before)} to *.${domainOf(after)}: every application under the old domain is down until its routes have the new one`,
      short: `takes every application under ${domainOf(before)} down`,
    }),
  },
  {
    type: /:IngressController$/,
    when: isRemoval,
    impact: ({ operation, before }) => ({
      severity: "interrupts",
      text: `deletes the router shard and its load balancer: ${operation === "delete" ? "applications" : "every application"} under *.${domainOf(before)} ${
        operation === "delete" ? "can't be reached there any more" : "is down until the new one is ready, about 5 minutes"
      }`,
      short: `takes every application under ${domainOf(before)} down`,
    }),
  },
  {
    type: /:IngressControllerPatch$/,
    when: (change) => touches("spec.namespaceSelector")(change) || touches("spec.routeSelector")(change),
    impact: impact(
      "interrupts",
      "changes which routes the default router serves: all others are reached only through their router shard's domain",
      "changes which routes the default router serves",
    ),
  },
  { type: /:IngressController(Patch)?$/, when: updatesFields(), impact: impact("restarts", "restarts the router's pods one by one") },
  {
    type: /^kubernetes:.*:(Namespace|PersistentVolumeClaim)$/,
    // An operator's namespace is left out, because it stays in the cluster when its declaration is removed.
    when: (change) => isRemoval(change) && !isInside("okd:cluster:OperatorNamespace")(change),
    impact: impact("loses data", "deletes the object with everything in it"),
  },
  { type: /:CustomResourceDefinition$/, when: isRemoval, impact: impact("loses data", "deletes the kind with all its objects") },
];

/**
 * The impact of an update to another release. It has the same text for a changed object and for a changed configuration, so that the
 * summary shows only one of them.
 */
export function updatesTo(version: string | undefined): Impact {
  return {
    severity: "can't be undone",
    text: `updates the cluster to ${version ?? "another release"}: all nodes restart one by one, for about an hour or more, and the update can't be reverted`,
    short: `permanently updates the cluster to ${version ?? "another release"}`,
  };
}

function domainOf({ spec }: ResourceProperties): string {
  const { domain } = (spec ?? {}) as { readonly domain?: unknown };
  return typeof domain === "string" ? domain : "its domain";
}

/** Returns a function that tells whether a change affects a field. The field is also affected if the whole object is new or deleted. */
function touches(path: string): (change: ResourceChange) => boolean {
  const at = (value: ResourceProperties): unknown =>
    path.split(".").reduce((found: unknown, key) => (found as ResourceProperties | undefined)?.[key], value);
  return ({ before, after }) => JSON.stringify(at(before)) !== JSON.stringify(at(after));
}

/** Whether a command requests another release: a command with the same version, image and force does nothing. */
function asksForAnotherRelease({ before, after }: ResourceChange): boolean {
  const asked = releaseIn(after);
  return asked === undefined || JSON.stringify(asked) !== JSON.stringify(releaseIn(before));
}

/** Version, image and force in the input of the command that requests a release; undefined if the input is not known yet. */
function releaseIn({ create }: ResourceProperties): readonly unknown[] | undefined {
  if (typeof create !== "string" || !create.startsWith("{")) return undefined;
  const { version, image, force } = JSON.parse(create) as Readonly<Record<string, unknown>>;
  return [version, image, force];
}

function desiredVersion({ spec }: ResourceProperties): string | undefined {
  return (spec as { desiredUpdate?: { version?: string } } | undefined)?.desiredUpdate?.version;
}

/** The nodes to which a MachineConfig applies, from its label or, by convention, its name. */
function poolOf({ before, after, name }: ResourceChange): string {
  const { metadata } = (Object.keys(after).length > 0 ? after : before) as { metadata?: { labels?: Record<string, string> } };
  const role = metadata?.labels?.["machineconfiguration.openshift.io/role"] ?? /(master|worker)/.exec(name)?.[1];
  return role === undefined ? "the nodes of its pool" : `all ${role === "master" ? "control plane" : role} nodes`;
}
