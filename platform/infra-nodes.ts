import { INFRA_ROLE } from "../config/platform/infra-nodes";
import type { Placement } from "../config/platform/router-shards";
import type { ApiObject } from "./object";
import { tolerationsOf } from "./tolerations";

/** The taint of infra nodes: what doesn't bear it runs elsewhere, and what runs there already may stay. */
export const INFRA_TAINT = { key: INFRA_ROLE, effect: "NoSchedule" } as const;

/**
 * The name service runs on infra nodes, too: a node without it asks others, and its daemon set would be reported as misscheduled where a pod of it stood before the
 * taint. The control plane's taint is the operator's own default, which is gone with any list (openshift/api, `operator/v1/types_dns.go`).
 */
export function nameService(): ApiObject {
  const tolerations = tolerationsOf([{ key: "node-role.kubernetes.io/master" }, { key: INFRA_ROLE }]);
  return { apiVersion: "operator.openshift.io/v1", kind: "DNS", metadata: { name: "default" }, spec: { nodePlacement: { tolerations } } };
}

/** Where the image registry runs; the rest of its `Config cluster` stays. */
export function imageRegistryPlacement({ nodeSelector, tolerations }: Placement): ApiObject {
  const spec = { nodeSelector, tolerations: tolerationsOf(tolerations) };
  return { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "Config", metadata: { name: "cluster" }, spec };
}
