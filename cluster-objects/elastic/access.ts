import { dump } from "js-yaml";
import { LOG_KINDS } from "../../config/log-kind";
import type { LogUser } from "../../config/elastic/settings";
import type { ApiObject } from "../object";
import { inElastic, readerRole, streamOf } from "./names";

/** The Secret with the roles. */
export const ROLES_SECRET = "okd-aws-log-roles";

/** Name of the Secret with a user. */
export function userSecretName(user: string): string {
  return `okd-aws-log-user-${user}`;
}

/**
 * A reader's rights in Kibana: to search, and to share searches, dashboards and data views with the other readers (elastic.co, "Kibana
 * privileges"). These saved objects contain no logs.
 */
const KIBANA_PRIVILEGES = ["feature_discover.all", "feature_dashboard.all", "feature_indexPatterns.all"];

/**
 * One role for each kind of logs, in Elasticsearch's format (elastic.co, "Defining roles", roles.yml). The object is a Secret because the
 * operator reads roles only from Secrets; its content is not secret.
 */
export function logRoles(): ApiObject {
  const roles = LOG_KINDS.map((kind) => [
    readerRole(kind),
    {
      indices: [{ names: [streamOf(kind)], privileges: ["read", "view_index_metadata"] }],
      applications: [{ application: "kibana-.kibana", privileges: KIBANA_PRIVILEGES, resources: ["space:default"] }],
    },
  ]);
  const stringData = { "roles.yml": dump(Object.fromEntries(roles)) };
  return { apiVersion: "v1", kind: "Secret", metadata: inElastic(ROLES_SECRET), type: "Opaque", stringData };
}

/** A user in the form of a basic authentication Secret, with roles (elastic/cloud-on-k8s, `pkg/controller/elasticsearch/user/user_provided.go`, v3.5.0). */
export function logUser({ name, logs, password }: LogUser): ApiObject & { readonly stringData: Readonly<Record<string, string>> } {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: inElastic(userSecretName(name)),
    type: "kubernetes.io/basic-auth",
    stringData: { username: name, password: password.reveal(), roles: logs.map(readerRole).join(",") },
  };
}
