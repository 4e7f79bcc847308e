import type { AccessControlConfiguration, ProjectTemplate } from "../../config/access-control/settings";
import type { KubernetesPatch } from "../kubernetes-patch";
import type { ApiObject } from "../object";
import { isolationPolicies } from "./isolation";

const TEMPLATE = "okd-aws-project-request";

/**
 * Template parameters that a project request sets (openshift/openshift-apiserver,
 * `pkg/project/apiserver/registry/projectrequest/delegated`).
 */
export const PARAMETERS = [
  "PROJECT_NAME",
  "PROJECT_DISPLAYNAME",
  "PROJECT_DESCRIPTION",
  "PROJECT_ADMIN_USER",
  "PROJECT_REQUESTING_USER",
] as const;

const parameter = (name: (typeof PARAMETERS)[number]) => `\${${name}}`;

/**
 * The template of new projects: project and administrator as in OpenShift's own template (`oc adm create-bootstrap-project-template`), and
 * the objects that the configuration adds. The cluster does not validate these objects before a project is requested.
 */
export function projectTemplate({ quota, limits, networkIsolation }: ProjectTemplate): ApiObject {
  const namespace = parameter("PROJECT_NAME");
  return {
    apiVersion: "template.openshift.io/v1",
    kind: "Template",
    // The namespace in which the cluster's configuration looks for the template (openshift/api, `config/v1/types_project.go`).
    metadata: { name: TEMPLATE, namespace: "openshift-config" },
    objects: [
      project(),
      administrator(namespace),
      ...(Object.keys(quota).length > 0 ? [resourceQuota(namespace, quota)] : []),
      ...(limits.length > 0 ? [limitRange(namespace, limits)] : []),
      ...(networkIsolation ? isolationPolicies(namespace) : []),
    ],
    parameters: PARAMETERS.map((name) => ({ name })),
  };
}

/** Fields of `Project cluster`: the project template and the message; undefined if neither is configured. */
export function projectRequestSettings(
  settings: Pick<AccessControlConfiguration, "projectTemplate" | "projectRequestMessage">,
): ApiObject | undefined {
  const { projectTemplate: template, projectRequestMessage } = settings;
  if (template === undefined && projectRequestMessage === undefined) return undefined;
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "Project",
    metadata: { name: "cluster" },
    spec: {
      ...(template && { projectRequestTemplate: { name: TEMPLATE } }),
      ...(projectRequestMessage !== undefined && { projectRequestMessage }),
    },
  };
}

/** Restores the default message for users who may not create projects: the cluster shows it if the configured message is empty. */
export const projectRequestsRestorePatch: KubernetesPatch = {
  restorePatch: { path: "/apis/config.openshift.io/v1/projects/cluster", fields: { spec: { projectRequestMessage: "" } } },
};

function project(): ApiObject {
  const annotations = {
    "openshift.io/description": parameter("PROJECT_DESCRIPTION"),
    "openshift.io/display-name": parameter("PROJECT_DISPLAYNAME"),
    "openshift.io/requester": parameter("PROJECT_REQUESTING_USER"),
  };
  return { apiVersion: "project.openshift.io/v1", kind: "Project", metadata: { name: parameter("PROJECT_NAME"), annotations } };
}

function administrator(namespace: string): ApiObject {
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: "RoleBinding",
    metadata: { name: "admin", namespace },
    subjects: [{ apiGroup, kind: "User", name: parameter("PROJECT_ADMIN_USER") }],
    roleRef: { apiGroup, kind: "ClusterRole", name: "admin" },
  };
}

function resourceQuota(namespace: string, hard: ProjectTemplate["quota"]): ApiObject {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "project-quota", namespace }, spec: { hard } };
}

function limitRange(namespace: string, limits: ProjectTemplate["limits"]): ApiObject {
  const each = (field: "min" | "defaultRequest" | "default" | "max") =>
    Object.fromEntries(limits.flatMap((limit) => (limit[field] === undefined ? [] : [[limit.resource, limit[field]]])));
  const fields = (["min", "defaultRequest", "default", "max"] as const).map((field) => [field, each(field)] as const);
  const given = Object.fromEntries(fields.filter(([, quantities]) => Object.keys(quantities).length > 0));
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "project-limits", namespace },
    spec: { limits: [{ type: "Container", ...given }] },
  };
}
