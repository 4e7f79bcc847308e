import type { RouterShard } from "../../config/ingress/settings";
import type { ApiObject } from "../object";
import { certificateAlerts, type WatchedCertificate } from "./certificates";
import { prometheusRule } from "./prometheus-rule";
import { shardAlert } from "./routers";
import { stuckUpdateAlert } from "./updates";

/** The router shards and certificates that the alerts of every cluster watch. */
export interface ClusterAlertSubjects {
  readonly shards: readonly Pick<RouterShard, "name" | "domain">[];
  readonly certificates: readonly WatchedCertificate[];
}

/**
 * The alerts of every cluster, which OpenShift itself does not have. The object is in the cluster version operator's namespace, which every
 * cluster has and the cluster's monitoring reads (openshift/cluster-version-operator,
 * `install/0000_00_cluster-version-operator_00_namespace.yaml`, release-4.14 to 4.22).
 */
export function clusterAlerts({ shards, certificates }: ClusterAlertSubjects): ApiObject {
  return prometheusRule("okd-aws-cluster", "openshift-cluster-version", [
    stuckUpdateAlert,
    ...shards.map(shardAlert),
    ...certificates.flatMap(certificateAlerts),
  ]);
}
