import type { NodeSettings } from "../../config/cluster-settings/settings";
import type { ApiObject } from "../object";

type Tuning = NodeSettings["tuning"][string];

const OF_POOL = "pools.operator.machineconfiguration.openshift.io";

/** Kubelet settings of a pool; undefined if none are configured. */
export function kubeletConfig(pool: string, { maxPods, podPidsLimit, reserveAutomatically }: Tuning): ApiObject | undefined {
  const fields = { ...(maxPods !== undefined && { maxPods }), ...(podPidsLimit !== undefined && { podPidsLimit }) };
  const spec = {
    ...(reserveAutomatically !== undefined && { autoSizingReserved: reserveAutomatically }),
    ...(Object.keys(fields).length > 0 && { kubeletConfig: fields }),
  };
  return Object.keys(spec).length === 0 ? undefined : ofPool("KubeletConfig", pool, spec);
}

/** CRI-O settings of a pool; undefined if none are configured. */
export function containerRuntimeConfig(pool: string, { logSizeMax }: Tuning): ApiObject | undefined {
  return logSizeMax === undefined ? undefined : ofPool("ContainerRuntimeConfig", pool, { containerRuntimeConfig: { logSizeMax } });
}

function ofPool(kind: string, pool: string, spec: object): ApiObject {
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind,
    metadata: { name: `okd-aws-${pool}` },
    spec: { machineConfigPoolSelector: { matchLabels: { [`${OF_POOL}/${pool}`]: "" } }, ...spec },
  };
}
