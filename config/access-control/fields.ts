import { type CheckContext, reportProblem, tooLong } from "../key";
import type { ValueProblem } from "../problem";
import { parseQuantity } from "./quantity";
import { groupNameProblem } from "../user-names";
import { isDnsLabel, isObjectName } from "../object-name";

/**
 * Whether a namespace belongs to the platform. Users who may change objects in such a namespace may change the platform itself. Names that
 * start with openshift- or kube- are reserved for the cluster (OpenShift documentation, "Default projects").
 */
export function isPlatformNamespace(namespace: string): boolean {
  return /^(openshift|(openshift|kube)-.+)$/.test(namespace);
}

const IS_PLATFORM_NAMESPACE = "is one of the platform's namespaces (openshift, openshift-*, kube-*)";

/** Checks a tenant's namespace: a DNS label (RFC 1123) that is not the platform's. */
export function tenantNamespaceProblem(name: string): ValueProblem | undefined {
  if (!isDnsLabel(name))
    return {
      wrong: `is ${JSON.stringify(name)}, which is not a valid name of a namespace`,
      allowed: "1 to 63 lower-case letters, digits and hyphens",
    };
  return isPlatformNamespace(name) ? { wrong: `is ${name}, which ${IS_PLATFORM_NAMESPACE}`, fix: "use your own namespace" } : undefined;
}

/** Checks the name of a group declared in the configuration. */
export function ownGroupProblem(name: string): ValueProblem | undefined {
  if (name.startsWith("system:"))
    return { wrong: `is ${name}, but OpenShift itself manages the members of groups whose names start with system:` };
  return groupNameProblem(name);
}

/** Cluster roles that OpenShift creates and resets to their default (openshift/openshift-apiserver, `pkg/bootstrappolicy/constants.go`). */
const CLUSTERS_ROLES = [
  ...["cluster-admin", "sudoer", "cluster-reader", "storage-admin", "cluster-debugger", "admin", "edit", "view", "self-provisioner"],
  ...["basic-user", "cluster-status", "self-access-reviewer", "registry-admin", "registry-viewer", "registry-editor"],
  "shared-resource-viewer",
];

/**
 * Checks the name of a declared role. It must not be the name of a built-in role: the program would overwrite that role, and delete it when
 * the declaration is removed.
 */
export function ownRoleNameProblem(name: string): ValueProblem | undefined {
  if (!isObjectName(name))
    return {
      wrong: `is ${JSON.stringify(name)}, which is not a valid name of a role`,
      allowed: "lower-case letters, digits, hyphens and dots",
    };
  return CLUSTERS_ROLES.includes(name)
    ? {
        wrong: `is ${name}, the name of a built-in role of the cluster`,
        fix: "give the role another name, such as one that starts with your organization's name",
      }
    : undefined;
}

/** Checks `namespace/name` of a service account. */
export function serviceAccountProblem(text: string): ValueProblem | undefined {
  const user = /^system:serviceaccount:([^:]+):(.+)$/.exec(text);
  if (user !== null) return { wrong: "is the user name of a service account", fix: `write ${user[1]}/${user[2]}` };
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
    ? undefined
    : { wrong: "is not of the form namespace/name", allowed: "namespace/name of a service account" };
}

/**
 * Checks the service account in a grant of security context constraints. The constraints have no effect in the default namespaces (OpenShift
 * documentation, "Managing security context constraints").
 */
export function tenantServiceAccountProblem(text: string): ValueProblem | undefined {
  const problem = serviceAccountProblem(text);
  if (problem) return problem;
  const [namespace] = text.split("/");
  if (namespace === "default")
    return {
      wrong: "is in the namespace default, where security context constraints do not apply",
      fix: "use a service account in your own project",
    };
  return isPlatformNamespace(namespace)
    ? { wrong: `is in ${namespace}, which ${IS_PLATFORM_NAMESPACE}`, fix: "use a service account in your own project" }
    : undefined;
}

/** Checks the name of security context constraints: an object name. */
export function sccProblem(name: string): ValueProblem | undefined {
  if (isObjectName(name)) return undefined;
  return {
    wrong: `is ${JSON.stringify(name)}, which is not a valid name of security context constraints`,
    allowed: "built-in constraints such as anyuid, nonroot-v2, hostnetwork-v2 or privileged, or your own",
  };
}

/** Checks an API group of a role's rule; "" is Kubernetes' core group. */
function apiGroupProblem(group: string): ValueProblem | undefined {
  if (group === "" || group === "*") return undefined;
  if (/^v\d+((alpha|beta)\d+)?$/.test(group)) return { wrong: 'is a version, not an API group; the core group is ""', fix: 'write ""' };
  const versioned = /^([^/]+)\/v\d.*$/.exec(group);
  if (versioned !== null) return { wrong: "has a version in it", fix: `write ${versioned[1]}` };
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(group) ? undefined : { wrong: "is not a valid name of an API group" };
}

export function apiGroupsProblems(context: CheckContext<string[]>): void {
  context.value.forEach((group, index, all) => {
    const found = all.indexOf(group) < index ? { wrong: "occurs twice" } : (tooLong(group) ?? apiGroupProblem(group));
    if (found) reportProblem(context, { ...found, wrong: `item ${index + 1} (${JSON.stringify(group)}) ${found.wrong}` });
  });
}

/** Checks a resource: plural and lower case, with a subresource after a slash. Kubernetes accepts other forms, but they match nothing. */
export function resourceProblem(resource: string): ValueProblem | undefined {
  if (/^(\*|[a-z0-9.-]+)(\/(\*|[a-z0-9-]+))?$/.test(resource)) return undefined;
  return {
    wrong: "is not a valid name of a resource",
    allowed: "a plural in lower case, such as pods or deployments/scale, or *",
    fix: `write ${resource.toLowerCase()}`,
  };
}

export function verbProblem(verb: string): ValueProblem | undefined {
  if (/^(\*|[a-z]+)$/.test(verb)) return undefined;
  return {
    wrong: "is not a valid verb",
    allowed: "a verb such as get, list, watch, create, update, patch, delete, deletecollection or use, or *",
  };
}

export function urlPathProblem(path: string): ValueProblem | undefined {
  return /^(\*|\/[^\s*]*\*?)$/.test(path)
    ? undefined
    : { wrong: "is not a valid URL path", allowed: "a path of the API server such as /metrics, with * only at its end" };
}

/** Checks that a text is a quantity that is not negative. */
export function quantityProblem(text: string): ValueProblem | undefined {
  if (parseQuantity(text) !== undefined) return undefined;
  const allowed = "a Kubernetes quantity such as 500m, 2, 512Mi or 20Gi";
  const [, digits, unit] = /^([\d.]+)\s*([kKmMgGtT])i?[bB]?$/.exec(text) ?? [];
  return {
    wrong: `is ${JSON.stringify(text)}, which is not a quantity`,
    allowed,
    ...(unit && { fix: `write ${digits}${unit.toUpperCase()}i` }),
  };
}

/**
 * Resources without a domain that a quota can limit. COUNTED have whole numbers, MEASURED have quantities (kubernetes/kubernetes,
 * `pkg/apis/core/helper/helpers.go`: standardQuotaResources, standardIntegerResources).
 */
const COUNTED = [
  ...["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims"],
  ...["services.nodeports", "services.loadbalancers"],
];
const MEASURED = [
  ...["cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage"],
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage"],
];

/** Checks a quota. The API server would report a problem only when a project is created. */
export function quotaProblems(quota: Readonly<Record<string, string>>): ValueProblem[] {
  return Object.entries(quota).flatMap(([resource, quantity]): ValueProblem[] => {
    const entry = `entry ${JSON.stringify(resource)}`;
    const counted = COUNTED.includes(resource) || resource.startsWith("count/");
    const known = counted || MEASURED.includes(resource) || /^(requests\.)?hugepages-/.test(resource);
    if (!known && !/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/.test(resource))
      return [
        {
          wrong: `${entry} is not a resource that a quota can limit`,
          allowed: `${[...MEASURED, ...COUNTED].join(", ")}, count/<resource>.<group>, or a name with a domain`,
        },
      ];
    const problem = quantityProblem(quantity);
    if (problem) return [{ ...problem, wrong: `${entry} ${problem.wrong}` }];
    return counted && !Number.isInteger(parseQuantity(quantity)) ? [{ wrong: `${entry} is ${quantity}, but must be a whole number` }] : [];
  });
}

/** Maximum characters of the message, which the console and `oc` show on one line; this project's choice. */
const MESSAGE_CHARACTERS = 500;

export function requestMessageProblem(text: string): ValueProblem | undefined {
  return text.length > MESSAGE_CHARACTERS ? { wrong: `has ${text.length} characters` } : undefined;
}

/**
 * Checks the name of a priority class. Kubernetes reserves names that start with system-, and OpenShift has the class openshift-user-critical
 * (OpenShift documentation, "Including pod priority in pod scheduling decisions").
 */
export function priorityClassProblem(name: string): ValueProblem | undefined {
  if (!isObjectName(name))
    return {
      wrong: `is ${JSON.stringify(name)}, which is not a valid name of a priority class`,
      allowed: "lower-case letters, digits, hyphens and dots",
    };
  if (name.startsWith("system-"))
    return { wrong: `is ${name}, but Kubernetes reserves names that start with system-`, fix: "give it another name" };
  return name === "openshift-user-critical"
    ? { wrong: `is ${name}, the name of a built-in class of the cluster`, fix: "give it another name" }
    : undefined;
}
