import { ELASTIC_NAMESPACE } from "../../config/elastic/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";

/** The operator's service account (elastic/cloud-on-k8s, `hack/operatorhub/templates/csv.tpl`, v3.5.0). */
const ACCOUNT = "elastic-operator";

/** Name of the role and of its binding. */
const NAME = "okd-aws-elastic-operator";

/**
 * Rights of the operator in the whole cluster: to read nodes and storage classes. The operator's package up to 3.5 lists these rights among
 * the rights in namespaces (`permissions` in `csv.tpl`, v3.5.0). The Operator Lifecycle Manager makes cluster roles of `permissions` only
 * if the operator watches all namespaces (operator-framework/operator-lifecycle-manager, `pkg/controller/operators/olm/operatorgroup.go`,
 * master). Without these rights no Elasticsearch pod starts, because each pod waits for the zone of its node, and no volume can be enlarged
 * (elastic/cloud-on-k8s, issue 9654; corrected on main by pull request 9660, which no release up to 3.5.0 has).
 */
export function elasticOperatorRights(): Readonly<Record<"role" | "binding", ApiObject>> {
  const rbac = "rbac.authorization.k8s.io";
  const verbs = ["get", "list", "watch"];
  return {
    role: {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name: NAME },
      rules: [
        { apiGroups: [""], resources: ["nodes"], verbs },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs },
      ],
    },
    binding: {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: NAME },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: NAME },
      subjects: [serviceAccountSubject(`${ELASTIC_NAMESPACE}/${ACCOUNT}`)],
    },
  };
}
