import { z } from "zod";
import { field, integerField, listField, records, textField } from "../field";
import { flag, key, map, text } from "../key";
import {
  apiGroupsProblems,
  ownGroupProblem,
  ownRoleNameProblem,
  priorityClassProblem,
  quantityProblem,
  quotaProblems,
  requestMessageProblem,
  resourceProblem,
  sccProblem,
  tenantNamespaceProblem,
  tenantServiceAccountProblem,
  urlPathProblem,
  verbProblem,
} from "./fields";
import { userNameProblem } from "../user-names";

/** Limits on list lengths, more than anybody maintains by hand; this project's choice. */
const MAX_GROUPS = 500;
const MAX_MEMBERS = 2000;
const MAX_ROLES = 100;
const MAX_RULES = 50;
const MAX_ENTRIES = 50;
const MAX_GRANTS = 50;
const MAX_CLASSES = 50;

const group = z.strictObject({
  name: field(textField(ownGroupProblem), "Name of the group; unique."),
  users: field(listField(userNameProblem, MAX_MEMBERS), "All members of the group, by their user names in the identity provider."),
});

/** A rule of a role. */
export const rbacRule = z.strictObject({
  apiGroups: field(
    z.array(z.string()).max(MAX_ENTRIES).check(apiGroupsProblems).default([]),
    'API groups without a version; "" is the core group, with pods, services and so on.',
  ),
  resources: field(listField(resourceProblem, MAX_ENTRIES), "Resources, in the plural; pods/log is a subresource."),
  resourceNames: field(listField(undefined, MAX_ENTRIES), "Names of the objects that the rule covers; if empty, all objects."),
  nonResourceURLs: field(listField(urlPathProblem, MAX_ENTRIES), "URL paths instead of resources; only in a cluster role."),
  verbs: field(listField(verbProblem, MAX_ENTRIES), "Actions that the rule allows."),
});

const role = z.strictObject({
  name: field(textField(ownRoleNameProblem), "Name of the role; unique."),
  namespace: field(
    textField(tenantNamespaceProblem).optional(),
    "Namespace of the role, which must exist; if not set, the role is a cluster role.",
  ),
  rules: field(z.array(rbacRule).min(1).max(MAX_RULES), "Rules of the role."),
});

const sccGrant = z.strictObject({
  scc: field(textField(sccProblem), "Name of the security context constraints; unique."),
  serviceAccounts: field(
    listField(tenantServiceAccountProblem, MAX_ENTRIES),
    "Service accounts whose pods may use the constraints, each as namespace/name.",
  ),
});

const projectLimit = z.strictObject({
  resource: field(z.enum(["cpu", "memory", "ephemeral-storage"]), "Limited resource; unique."),
  defaultRequest: field(textField(quantityProblem).optional(), "Default request of a container."),
  default: field(textField(quantityProblem).optional(), "Default limit of a container."),
  min: field(textField(quantityProblem).optional(), "Smallest allowed request."),
  max: field(textField(quantityProblem).optional(), "Largest allowed limit."),
});

const priorityClass = z.strictObject({
  name: field(textField(priorityClassProblem), "Name of the class; unique."),
  value: field(
    integerField(-2_147_483_648, 1_000_000_000),
    "Priority; pods with a higher value are scheduled first. A changed value replaces the class.",
  ),
  globalDefault: field(z.boolean().default(false), "Whether pods that name no class get this class."),
  preemptionPolicy: field(
    z.enum(["PreemptLowerPriority", "Never"]).default("PreemptLowerPriority"),
    "Whether pods of this class evict pods of lower priority (PreemptLowerPriority), or are only scheduled before them (Never).",
  ),
  description: field(textField().optional(), "Purpose of the class."),
});

/** Keys for roles, groups and the defaults of tenants' projects. */
export const accessControlKeys = {
  groups: key(records(group, { max: MAX_GROUPS, unique: "name" }), {
    description: "Groups of users. Do not declare groups here that are synchronized from LDAP.",
    allowed: `up to ${MAX_GROUPS} groups`,
    example: '[{"name": "developers", "users": ["anna", "ben"]}]',
    source: "OpenShift (Group)",
    whenEmpty: "none",
  }),
  roles: key(records(role, { max: MAX_ROLES, unique: "name" }), {
    description: "Your own cluster roles, and roles of a namespace. The key roleBindings grants them.",
    allowed: `up to ${MAX_ROLES} roles`,
    example:
      '[{"name": "pod-reader", "rules": [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list", "watch"]}]}]',
    source: "Kubernetes (ClusterRole, Role)",
    whenEmpty: "only the cluster's own roles",
  }),
  sccGrants: key(records(sccGrant, { max: MAX_GRANTS, unique: "scc" }), {
    description:
      "Security context constraints (SCCs) that service accounts may use in addition to restricted-v2. The program grants the verb use and does not change the SCCs.",
    allowed: `up to ${MAX_GRANTS} grants`,
    example: '[{"scc": "anyuid", "serviceAccounts": ["shop/legacy"]}]',
    source: "OpenShift (role-based access to security context constraints)",
    whenEmpty: "restricted-v2 for everybody",
  }),
  selfProvisioners: key(flag(true), {
    description: "Whether every logged-in user may create projects.",
    example: "false",
    source: "OpenShift (ClusterRoleBinding self-provisioners)",
  }),
  projectRequestMessage: key(text(requestMessageProblem), {
    description: "Message for users who may not create projects.",
    allowed: "up to 500 characters",
    example: "Ask platform@example.com for a project.",
    source: "OpenShift (Project cluster, spec.projectRequestMessage)",
    whenEmpty: "OpenShift's own message",
  }),
  projectQuota: key(map(quotaProblems), {
    description: "Resource quota of each new project.",
    allowed: "a map from resource names to quantities",
    example: '{"requests.cpu": "4", "requests.memory": "16Gi", "limits.memory": "32Gi", "pods": "50"}',
    source: "Kubernetes (ResourceQuota)",
    whenEmpty: "none",
  }),
  projectLimits: key(records(projectLimit, { max: 3, unique: "resource" }), {
    description: "Limit range for containers in each new project.",
    allowed: "at most one item for each of cpu, memory and ephemeral-storage",
    example: '[{"resource": "memory", "defaultRequest": "256Mi", "default": "512Mi", "max": "8Gi"}]',
    source: "Kubernetes (LimitRange, type Container)",
    whenEmpty: "none",
  }),
  projectNetworkIsolation: key(flag(false), {
    description:
      "Whether each new project gets network policies that admit traffic only from its own pods, the routers, the monitoring and the API server's operator.",
    example: "true",
    source: "OpenShift (network policies in the project request template)",
  }),
  priorityClasses: key(records(priorityClass, { max: MAX_CLASSES, unique: "name" }), {
    description: "Additional priority classes for pods.",
    allowed: `up to ${MAX_CLASSES} classes`,
    example: '[{"name": "batch", "value": -100, "preemptionPolicy": "Never", "description": "Whatever can wait"}]',
    source: "Kubernetes (PriorityClass: 1000000000 at most, names must not start with system-)",
    whenEmpty: "only the cluster's own classes",
  }),
} as const;
