import { z } from "zod";
import { field, integerField, listField, records, textField } from "../field";
import { flag, key, map, text } from "../key";
import {
  apiGroupsFlaws,
  ownGroupFlaw,
  ownRoleNameFlaw,
  priorityClassFlaw,
  quantityFlaw,
  quotaFlaws,
  requestMessageFlaw,
  resourceFlaw,
  sccFlaw,
  tenantNamespaceFlaw,
  tenantServiceAccountFlaw,
  urlPathFlaw,
  verbFlaw,
} from "../rules/access-control-fields";
import { userNameFlaw } from "../rules/names";

/** More than anybody keeps in order by hand; this project's choice. */
const MOST_GROUPS = 500;
const MOST_MEMBERS = 2000;
const MOST_ROLES = 100;
const MOST_RULES = 50;
const MOST_ENTRIES = 50;
const MOST_GRANTS = 50;
const MOST_CLASSES = 50;

const group = z.strictObject({
  name: field(textField(ownGroupFlaw), "Name of the group, unique."),
  users: field(listField(userNameFlaw, MOST_MEMBERS), "Its members: all of them, by the names that their identity provider has."),
});

const policyRule = z.strictObject({
  apiGroups: field(
    z.array(z.string()).max(MOST_ENTRIES).check(apiGroupsFlaws).default([]),
    'API groups without a version; "" is that of pods, services and the like.',
  ),
  resources: field(listField(resourceFlaw, MOST_ENTRIES), "Resources in the plural; pods/log is a subresource."),
  resourceNames: field(listField(undefined, MOST_ENTRIES), "Names that it is for; without any, for all."),
  nonResourceURLs: field(listField(urlPathFlaw, MOST_ENTRIES), "Paths instead of resources; not in a namespace."),
  verbs: field(listField(verbFlaw, MOST_ENTRIES), "What may be done."),
});

const role = z.strictObject({
  name: field(textField(ownRoleNameFlaw), "Name of the role, unique."),
  namespace: field(textField(tenantNamespaceFlaw).optional(), "Namespace, which must exist, that it is of; without it, of the cluster."),
  rules: field(z.array(policyRule).min(1).max(MOST_RULES), "What it allows."),
});

const sccGrant = z.strictObject({
  scc: field(textField(sccFlaw), "Name of the security context constraints, unique."),
  serviceAccounts: field(
    listField(tenantServiceAccountFlaw, MOST_ENTRIES),
    "Service accounts, each as namespace/name, whose pods may use them.",
  ),
});

const projectLimit = z.strictObject({
  resource: field(z.enum(["cpu", "memory", "ephemeral-storage"]), "What is limited, unique."),
  defaultRequest: field(textField(quantityFlaw).optional(), "Request of a container that names none."),
  default: field(textField(quantityFlaw).optional(), "Limit of a container that names none."),
  min: field(textField(quantityFlaw).optional(), "Least request."),
  max: field(textField(quantityFlaw).optional(), "Largest limit."),
});

const priorityClass = z.strictObject({
  name: field(textField(priorityClassFlaw), "Name of the class, unique."),
  value: field(integerField(-2_147_483_648, 1_000_000_000), "Priority: the higher goes first. Another value makes the class anew."),
  globalDefault: field(z.boolean().default(false), "Whether pods that name no class have it."),
  preemptionPolicy: field(
    z.enum(["PreemptLowerPriority", "Never"]).default("PreemptLowerPriority"),
    "Whether its pods push others out, or only go first.",
  ),
  description: field(textField().optional(), "What it is for."),
});

/** Who may do what, and what a project of a tenant is. */
export const accessControlKeys = {
  groups: key(records(group, { most: MOST_GROUPS, unique: "name" }), {
    description: "Groups of users. A group that LDAP writes is not declared here.",
    allowed: `up to ${MOST_GROUPS} groups`,
    example: '[{"name": "developers", "users": ["anna", "ben"]}]',
    source: "OpenShift (Group)",
    whenEmpty: "none",
  }),
  roles: key(records(role, { most: MOST_ROLES, unique: "name" }), {
    description: "Roles of your own, of the cluster or of a namespace; roleBindings gives them.",
    allowed: `up to ${MOST_ROLES} roles`,
    example:
      '[{"name": "pod-reader", "rules": [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list", "watch"]}]}]',
    source: "Kubernetes (ClusterRole, Role)",
    whenEmpty: "those of the cluster",
  }),
  sccGrants: key(records(sccGrant, { most: MOST_GRANTS, unique: "scc" }), {
    description:
      "Security context constraints that service accounts may use besides restricted-v2, by the verb use; the constraints themselves stay as they are.",
    allowed: `up to ${MOST_GRANTS} grants`,
    example: '[{"scc": "anyuid", "serviceAccounts": ["shop/legacy"]}]',
    source: "OpenShift (role-based access to security context constraints)",
    whenEmpty: "restricted-v2 for everybody",
  }),
  selfProvisioners: key(flag(true), {
    description: "Whether everybody who logs in may make projects.",
    example: "false",
    source: "OpenShift (ClusterRoleBinding self-provisioners)",
  }),
  projectRequestMessage: key(text(requestMessageFlaw), {
    description: "What somebody reads who may not make a project.",
    allowed: "up to 500 characters",
    example: "Ask platform@example.com for a project.",
    source: "OpenShift (Project cluster, spec.projectRequestMessage)",
    whenEmpty: "OpenShift's own words",
  }),
  projectQuota: key(map(quotaFlaws), {
    description: "Quota that each new project begins with.",
    allowed: "a map from what is counted to a quantity",
    example: '{"requests.cpu": "4", "requests.memory": "16Gi", "limits.memory": "32Gi", "pods": "50"}',
    source: "Kubernetes (ResourceQuota)",
    whenEmpty: "none",
  }),
  projectLimits: key(records(projectLimit, { most: 3, unique: "resource" }), {
    description: "Limits of containers that each new project begins with.",
    allowed: "one item each for cpu, memory and ephemeral-storage",
    example: '[{"resource": "memory", "defaultRequest": "256Mi", "default": "512Mi", "max": "8Gi"}]',
    source: "Kubernetes (LimitRange, type Container)",
    whenEmpty: "none",
  }),
  projectNetworkIsolation: key(flag(false), {
    description:
      "Whether each new project begins with network policies that let nobody in but its own pods, the routers, the monitoring and the API server's operator.",
    example: "true",
    source: "OpenShift (network policies in the project request template)",
  }),
  priorityClasses: key(records(priorityClass, { most: MOST_CLASSES, unique: "name" }), {
    description: "Priorities that pods can name.",
    allowed: `up to ${MOST_CLASSES} classes`,
    example: '[{"name": "batch", "value": -100, "preemptionPolicy": "Never", "description": "Whatever can wait"}]',
    source: "Kubernetes (PriorityClass: 1000000000 at most, names not of system-)",
    whenEmpty: "those of the cluster",
  }),
} as const;
