import type { Routers } from "../../config/ingress/settings";
import { negateRequirement, type Requirement } from "../../config/ingress/label-selector";
import type { ApiObject } from "../object";
import { loggingOf, OPERATOR_NAMESPACE, placementOf } from "./router";

/**
 * All fields that are set in `IngressController default`, in one object: two writers would remove each other's fields. Undefined if nothing
 * is set.
 *
 * @param certificate name of the Secret with the certificate, in `openshift-ingress`
 * @param allowedSourceRanges the configured CIDR blocks and the cluster's own, as a list or an output of one; undefined for no limit
 */
export function defaultRouter(
  { default: router, shards }: Routers,
  certificate?: string,
  allowedSourceRanges?: unknown,
): ApiObject | undefined {
  const { replicas, placement, accessLogging, scope } = router;
  const nodePlacement = placementOf(placement);
  const left = negatedRequirements(shards.map(({ namespaces }) => namespaces));
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
 * Negates the shards' namespace requirements, so that the result selects the namespaces that no shard selects. Namespaces of the platform meet
 * the negation: they do not have the shards' labels, and `NotIn` and `DoesNotExist` also select objects without the label.
 */
function negatedRequirements(namespaces: readonly Requirement[]): Requirement[] {
  const keys = [...new Set(namespaces.map(({ key }) => key))];
  return keys.map((key) => {
    const ofKey = namespaces.filter((each) => each.key === key);
    const whole = ofKey.find(({ operator }) => operator === "Exists");
    const values = [...new Set(ofKey.flatMap((each) => each.values ?? []))];
    return negateRequirement(whole ?? { key, operator: "In", values });
  });
}
