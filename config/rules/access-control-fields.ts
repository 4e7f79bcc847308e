import { type CheckContext, report, tooLong } from "../key";
import type { Flaw } from "../finding";
import { parseQuantity } from "../quantity";
import { groupNameFlaw } from "./names";

/** The platform's namespaces: who may change something there may change the platform (OpenShift, "Default projects": what starts with openshift- or kube- is for the cluster itself). */
export function isPlatformNamespace(namespace: string): boolean {
  return /^(openshift|(openshift|kube)-.+)$/.test(namespace);
}

const PLATFORMS_OWN = "is one of the platform's namespaces (openshift, openshift-*, kube-*)";

/** RFC 1123, as names of namespaces. */
export function tenantNamespaceFlaw(name: string): Flaw | undefined {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    return { wrong: `is ${JSON.stringify(name)}`, allowed: "1 to 63 lower-case letters, digits and hyphens" };
  return isPlatformNamespace(name) ? { wrong: `is ${name}, which ${PLATFORMS_OWN}`, fix: "name a namespace of your own" } : undefined;
}

/** A group of the configuration's own. */
export function ownGroupFlaw(name: string): Flaw | undefined {
  if (name.startsWith("system:")) return { wrong: `is ${name}, and OpenShift itself says who is in a group of system:` };
  return groupNameFlaw(name);
}

/** Cluster roles that a cluster has anyway and keeps as they are (openshift/openshift-apiserver, `pkg/bootstrappolicy/constants.go`). */
const CLUSTERS_ROLES = [
  ...["cluster-admin", "sudoer", "cluster-reader", "storage-admin", "cluster-debugger", "admin", "edit", "view", "self-provisioner"],
  ...["basic-user", "cluster-status", "self-access-reviewer", "registry-admin", "registry-viewer", "registry-editor"],
  "shared-resource-viewer",
];

/** A role's name: none that would overwrite one of the cluster's and delete it with its declaration. */
export function ownRoleNameFlaw(name: string): Flaw | undefined {
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name))
    return { wrong: `is ${JSON.stringify(name)}`, allowed: "lower-case letters, digits, hyphens and dots" };
  return CLUSTERS_ROLES.includes(name)
    ? {
        wrong: `is ${name}, a role that the cluster has itself`,
        fix: "give it another name, such as one that starts with your organization's",
      }
    : undefined;
}

/** `namespace/name` of a service account. */
export function serviceAccountFlaw(text: string): Flaw | undefined {
  const user = /^system:serviceaccount:([^:]+):(.+)$/.exec(text);
  if (user !== null) return { wrong: "is the name of its user", fix: `write ${user[1]}/${user[2]}` };
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
    ? undefined
    : { wrong: "is not of the form namespace/name", allowed: "namespace/name of a service account" };
}

/** A service account that security context constraints do something for (OpenShift, "Managing security context constraints": not in the default namespaces). */
export function tenantServiceAccountFlaw(text: string): Flaw | undefined {
  const flaw = serviceAccountFlaw(text);
  if (flaw) return flaw;
  const [namespace] = text.split("/");
  if (namespace === "default")
    return {
      wrong: "is in the namespace default, whose pods are not held to security context constraints",
      fix: "use a project of your own",
    };
  return isPlatformNamespace(namespace)
    ? { wrong: `is in ${namespace}, which ${PLATFORMS_OWN}`, fix: "name a service account of your own" }
    : undefined;
}

/** Names of SCCs: those of objects. */
export function sccFlaw(name: string): Flaw | undefined {
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) return undefined;
  return {
    wrong: `is ${JSON.stringify(name)}`,
    allowed: "anyuid, nonroot-v2, hostnetwork-v2, privileged and the like, or one of your own",
  };
}

/** An API group of a role's rule; "" is Kubernetes' own core. */
export function apiGroupFlaw(group: string): Flaw | undefined {
  if (group === "" || group === "*") return undefined;
  if (/^v\d+((alpha|beta)\d+)?$/.test(group)) return { wrong: 'is a version: the core group\'s name is ""', fix: 'write "" for it' };
  const versioned = /^([^/]+)\/v\d.*$/.exec(group);
  if (versioned !== null) return { wrong: "has a version", fix: `write ${versioned[1]}` };
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(group) ? undefined : { wrong: "is not the name of an API group" };
}

export function apiGroupsFlaws(context: CheckContext<string[]>): void {
  context.value.forEach((group, index, all) => {
    const found = all.indexOf(group) < index ? { wrong: "is there twice" } : (tooLong(group) ?? apiGroupFlaw(group));
    if (found) report(context, { ...found, wrong: `item ${index + 1} (${JSON.stringify(group)}) ${found.wrong}` });
  });
}

/** Plural and lower case, with a subresource after a slash; another form would allow nothing. */
export function resourceFlaw(resource: string): Flaw | undefined {
  if (/^(\*|[a-z0-9.-]+)(\/(\*|[a-z0-9-]+))?$/.test(resource)) return undefined;
  return {
    wrong: "is not a resource",
    allowed: "plural and lower case as in pods or deployments/scale, or *",
    fix: `write ${resource.toLowerCase()}`,
  };
}

export function verbFlaw(verb: string): Flaw | undefined {
  if (/^(\*|[a-z]+)$/.test(verb)) return undefined;
  return { wrong: "is not a verb", allowed: "get, list, watch, create, update, patch, delete, deletecollection, use and the like, or *" };
}

export function urlPathFlaw(path: string): Flaw | undefined {
  return /^(\*|\/[^\s*]*\*?)$/.test(path)
    ? undefined
    : { wrong: "is not a path", allowed: "a path of the API server as in /metrics, with * at its end only" };
}

/** A quantity above or at zero. */
export function quantityFlaw(text: string): Flaw | undefined {
  if (parseQuantity(text) !== undefined) return undefined;
  const allowed = "a quantity of Kubernetes, as in 500m, 2, 512Mi or 20Gi";
  const [, digits, unit] = /^([\d.]+)\s*([kKmMgGtT])i?[bB]?$/.exec(text) ?? [];
  return {
    wrong: `is ${JSON.stringify(text)}, which is no quantity`,
    allowed,
    ...(unit && { fix: `write ${digits}${unit.toUpperCase()}i` }),
  };
}

/** Quotas without a group of their own, whole numbers first (kubernetes/kubernetes, `pkg/apis/core/helper/helpers.go`: standardQuotaResources, standardIntegerResources). */
const COUNTED = [
  ...["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims"],
  ...["services.nodeports", "services.loadbalancers"],
];
const MEASURED = [
  ...["cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage"],
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage"],
];

/** The API server would say so only when a project is made. */
export function quotaFlaws(quota: Readonly<Record<string, string>>): Flaw[] {
  return Object.entries(quota).flatMap(([resource, quantity]): Flaw[] => {
    const entry = `entry ${JSON.stringify(resource)}`;
    const counted = COUNTED.includes(resource) || resource.startsWith("count/");
    const known = counted || MEASURED.includes(resource) || /^(requests\.)?hugepages-/.test(resource);
    if (!known && !/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/.test(resource))
      return [
        {
          wrong: `${entry} is nothing that a quota can be of`,
          allowed: `${[...MEASURED, ...COUNTED].join(", ")}, count/<resource>.<group>, or a name with a domain`,
        },
      ];
    const flaw = quantityFlaw(quantity);
    if (flaw) return [{ ...flaw, wrong: `${entry} ${flaw.wrong}` }];
    return counted && !Number.isInteger(parseQuantity(quantity)) ? [{ wrong: `${entry} is ${quantity}, and there is no part of one` }] : [];
  });
}

/** What stands on one line of the console and of `oc`; this project's choice. */
const MESSAGE_CHARACTERS = 500;

export function requestMessageFlaw(text: string): Flaw | undefined {
  return text.length > MESSAGE_CHARACTERS ? { wrong: `has ${text.length} characters` } : undefined;
}

/** Kubernetes keeps system- for itself, OpenShift has one more (OpenShift, "Including pod priority in pod scheduling decisions"). */
export function priorityClassFlaw(name: string): Flaw | undefined {
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name))
    return { wrong: `is ${JSON.stringify(name)}`, allowed: "lower-case letters, digits, hyphens and dots" };
  if (name.startsWith("system-"))
    return { wrong: `is ${name}, and names that start with system- are Kubernetes' own`, fix: "give it another name" };
  return name === "openshift-user-critical"
    ? { wrong: `is ${name}, a class that the cluster has itself`, fix: "give it another name" }
    : undefined;
}
