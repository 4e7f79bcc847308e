import type { Change, Properties } from "../change";
import { gone, updates, within, both, named, means, type Meaning, type Row } from "./row";

/** What changes of the cluster's own objects mean, and of what the program does to the cluster. */
export const clusterRows: readonly Row[] = [
  {
    type: /:MachineConfig(Patch)?$/,
    when: () => true,
    meaning: (change) => {
      const pool = poolOf(change);
      return means("restarts", `restarts ${pool} one by one, about 10 minutes each`, `restarts ${pool} one by one`)();
    },
  },
  {
    type: /:(KubeletConfig|ContainerRuntimeConfig)(Patch)?$/,
    when: () => true,
    meaning: means("restarts", "restarts the nodes of its pools one by one, about 10 minutes each"),
  },
  {
    type: /:(Image(Digest|Tag)MirrorSet|ImageContentSourcePolicy|ProxyPatch)$/,
    when: () => true,
    meaning: means("restarts", "restarts every node one by one, about 10 minutes each"),
  },
  {
    type: /:ClusterVersionPatch$/,
    when: (change) => desiredVersion(change.after) !== desiredVersion(change.before),
    meaning: ({ after }) => updatesTo(desiredVersion(after)),
  },
  {
    type: /^command:/,
    when: both(updates(), within("okd:platform:Release"), asksForAnotherRelease),
    meaning: ({ after }) => updatesTo(releaseIn(after)?.[0] as string | undefined),
  },
  {
    type: /^command:/,
    when: both(({ operation }) => operation !== "delete", named(/(^|-)kubeadmin(-|$)/)),
    meaning: means(
      "can't be undone",
      "removes kubeadmin once another administrator has logged in: it never comes back",
      "removes kubeadmin for good",
    ),
  },
  {
    type: /^command:/,
    when: within("okd:platform:HtpasswdUsers"),
    meaning: means("interrupts", "changes who can log in by password: sessions of users that go end when their tokens do"),
  },
  {
    type: /:APIServerPatch$/,
    when: both(({ operation }) => operation !== "delete", touches("spec.encryption")),
    meaning: means("interrupts", "encrypts etcd's content anew and rolls the API servers out, for up to an hour", "encrypts etcd anew"),
  },
  {
    type: /:(APIServer|KubeAPIServer|OAuth)Patch$/,
    when: () => true,
    meaning: means(
      "restarts",
      "rolls the API or login servers out one by one, without an interruption",
      "rolls the API or login servers out",
    ),
  },
  {
    type: /:IngressController$/,
    when: ({ operation, fields }) => operation === "replace" && fields.some((field) => field === "spec.domain"),
    meaning: ({ before, after }) => ({
      severity: "interrupts",
      text: `moves the shard from *.${domainOf(before)} to *.${domainOf(after)}: every application under the old domain is down until its routes have the new one`,
      short: `takes every application under ${domainOf(before)} down`,
    }),
  },
  {
    type: /:IngressController$/,
    when: gone,
    meaning: ({ operation, before }) => ({
      severity: "interrupts",
      text: `takes the shard's router and its load balancer away: ${operation === "delete" ? "applications" : "every application"} under *.${domainOf(before)} ${
        operation === "delete" ? "can't be reached there any more" : "is down until a new one stands, about 5 minutes"
      }`,
      short: `takes every application under ${domainOf(before)} down`,
    }),
  },
  {
    type: /:IngressControllerPatch$/,
    when: (change) => touches("spec.namespaceSelector")(change) || touches("spec.routeSelector")(change),
    meaning: means(
      "interrupts",
      "changes which routes the default router serves: those that it doesn't are reached through their shard's domain only",
      "changes which routes the default router serves",
    ),
  },
  { type: /:IngressController(Patch)?$/, when: updates(), meaning: means("restarts", "rolls the router's pods out one by one") },
  {
    type: /^kubernetes:.*:(Namespace|PersistentVolumeClaim)$/,
    when: gone,
    meaning: means("loses data", "deletes it with everything in it"),
  },
];

/** Another release: the same whether a change of an object says it, or the configuration alone. */
export function updatesTo(version: string | undefined): Meaning {
  return {
    severity: "can't be undone",
    text: `updates the cluster to ${version ?? "another release"}: every node restarts one by one, for about an hour or more, and there is no way back`,
    short: `updates the cluster to ${version ?? "another release"} without a way back`,
  };
}

function domainOf({ spec }: Properties): string {
  const { domain } = (spec ?? {}) as { readonly domain?: unknown };
  return typeof domain === "string" ? domain : "its domain";
}

/** Whether a field is set, or was: also where the whole object is new. */
function touches(path: string): (change: Change) => boolean {
  const at = (value: Properties): unknown =>
    path.split(".").reduce((found: unknown, key) => (found as Properties | undefined)?.[key], value);
  return ({ before, after }) => JSON.stringify(at(before)) !== JSON.stringify(at(after));
}

/** Whether a release's command may do something: with the same version, image and force it doesn't. */
function asksForAnotherRelease({ before, after }: Change): boolean {
  const asked = releaseIn(after);
  return asked === undefined || JSON.stringify(asked) !== JSON.stringify(releaseIn(before));
}

/** What a release's command remembers of its request; undefined where the request is not known yet. */
function releaseIn({ create }: Properties): readonly unknown[] | undefined {
  if (typeof create !== "string" || !create.startsWith("{")) return undefined;
  const { version, image, force } = JSON.parse(create) as Readonly<Record<string, unknown>>;
  return [version, image, force];
}

function desiredVersion({ spec }: Properties): string | undefined {
  return (spec as { desiredUpdate?: { version?: string } } | undefined)?.desiredUpdate?.version;
}

/** Whom a machine config is for: its label says so, and by custom its name. */
function poolOf({ before, after, name }: Change): string {
  const { metadata } = (Object.keys(after).length > 0 ? after : before) as { metadata?: { labels?: Record<string, string> } };
  const role = metadata?.labels?.["machineconfiguration.openshift.io/role"] ?? /(master|worker)/.exec(name)?.[1];
  return role === undefined ? "the nodes of its pool" : `all ${role}s`;
}
