import type { Routers } from "../../config/platform/router-shards";
import { negated, type Requirement } from "../../config/label-selector";
import type { ApiObject } from "../object";
import { loggingOf, OPERATOR_NAMESPACE, placementOf } from "./router";

/**
 * Everything that `IngressController default` is set to, whole: two writers would take each other's fields away. Undefined where nothing is set.
 *
 * @param certificate name of the secret with its certificate, in `openshift-ingress`
 * @param allowedSourceRanges list of ranges, or what will be one: the configured ranges with those of the cluster itself; undefined without any
 */
export function defaultRouter(
  { default: router, shards }: Routers,
  certificate?: string,
  allowedSourceRanges?: unknown,
): ApiObject | undefined {
  const { replicas, placement, accessLogging, scope } = router;
  const nodePlacement = placementOf(placement);
  const left = leftOut(shards.map(({ namespaces }) => namespaces));
  const spec = {
    ...(replicas !== undefined && { replicas }),
    ...(nodePlacement && { nodePlacement }),
    ...(allowedSourceRanges !== undefined && {
      endpointPublishingStrategy: {
        type: "LoadBalancerService",
        loadBalancer: { scope, dnsManagementPolicy: "Managed", allowedSourceRanges },
      },
    }),
    ...(accessLogging && { logging: loggingOf(accessLogging) }),
    ...(certificate !== undefined && { defaultCertificate: { name: certificate } }),
    ...(left.length > 0 && { namespaceSelector: { matchExpressions: left } }),
  };
  if (Object.keys(spec).length === 0) return undefined;
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "IngressController",
    metadata: { name: "default", namespace: OPERATOR_NAMESPACE },
    spec,
  };
}

/**
 * What every namespace meets that no shard selects. The platform's own do: they have no label that a shard may select by, and `NotIn` and
 * `DoesNotExist` select what lacks the label.
 */
function leftOut(namespaces: readonly Requirement[]): Requirement[] {
  const keys = [...new Set(namespaces.map(({ key }) => key))];
  return keys.map((key) => {
    const ofKey = namespaces.filter((each) => each.key === key);
    const whole = ofKey.find(({ operator }) => operator === "Exists");
    const values = [...new Set(ofKey.flatMap((each) => each.values ?? []))];
    return negated(whole ?? { key, operator: "In", values });
  });
}
