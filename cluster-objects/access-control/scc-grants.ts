import type { SccGrant } from "../../config/access-control/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";

const GROUP = "rbac.authorization.k8s.io";

/**
 * Security context constraints for whose use every release of OpenShift since 4.14 has its own cluster role
 * (openshift/cluster-kube-apiserver-operator, `bindata/bootkube/scc-manifests`: cr-scc-*).
 */
const WITH_A_ROLE = [
  ...["anyuid", "hostaccess", "hostmount-anyuid", "hostnetwork", "hostnetwork-v2", "nonroot", "nonroot-v2", "privileged"],
  ...["restricted", "restricted-v2"],
];

/**
 * Lets service accounts use security context constraints (SCC): one binding in each namespace of the service accounts, to the cluster's
 * role or to a role that is created here. The SCC itself belongs to the release and must not be edited, because an edited SCC blocks
 * updates.
 */
export function sccGrant({ scc, serviceAccounts }: SccGrant): ApiObject[] {
  const ownRole = WITH_A_ROLE.includes(scc) ? undefined : useOf(scc);
  const role = ownRole?.metadata.name ?? `system:openshift:scc:${scc}`;
  const subjects = serviceAccounts.map(serviceAccountSubject);
  const namespaces = [...new Set(subjects.map(({ namespace }) => namespace))];
  const bindings = namespaces.map((namespace) => ({
    apiVersion: `${GROUP}/v1`,
    kind: "RoleBinding",
    metadata: { name: `okd-aws-scc-${scc}`, namespace },
    subjects: subjects.filter((each) => each.namespace === namespace),
    roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: role },
  }));
  return [...(ownRole ? [ownRole] : []), ...bindings];
}

function useOf(scc: string): ApiObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: "ClusterRole",
    metadata: { name: `okd-aws-scc-${scc}` },
    rules: [{ apiGroups: ["security.openshift.io"], resources: ["securitycontextconstraints"], resourceNames: [scc], verbs: ["use"] }],
  };
}
