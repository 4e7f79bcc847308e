import { INFRA_ROLE, type Placement } from "../config/machines/settings";
import type { ApiObject } from "./object";
import { placementFields, tolerationsOf } from "./tolerations";

/** The taint of infra nodes. Pods without a toleration are not scheduled there; pods that already run there may stay. */
export const INFRA_TAINT = { key: INFRA_ROLE, effect: "NoSchedule" } as const;

/**
 * Lets the DNS daemon set run on infra nodes, too. A node without a DNS pod sends its queries to other nodes. A DNS pod that started before
 * the node was tainted would be reported as misscheduled. The control plane's toleration is repeated, because a configured list replaces the
 * operator's default (openshift/api, `operator/v1/types_dns.go`).
 */
export function dnsPlacement(): ApiObject {
  const tolerations = tolerationsOf([{ key: "node-role.kubernetes.io/master" }, { key: INFRA_ROLE }]);
  return { apiVersion: "operator.openshift.io/v1", kind: "DNS", metadata: { name: "default" }, spec: { nodePlacement: { tolerations } } };
}

/** Node placement of the image registry; other fields of its `Config cluster` stay unchanged. */
export function imageRegistryPlacement(placement: Placement): ApiObject {
  const spec = placementFields(placement);
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec };
}
