import type { OperatorConfiguration } from "../../config/operators/settings";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";

/** The namespace of an operator. */
export function operatorNamespace({ namespace }: Pick<OperatorConfiguration, "namespace">): ApiObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
}

/**
 * The OperatorGroup, which sets the namespaces that the operators of a namespace watch. Without targetNamespaces they watch all namespaces.
 */
export function operatorGroup({ namespace, targetNamespaces }: OperatorConfiguration): ApiObject {
  return {
    apiVersion: "operators.coreos.com/v1",
    kind: "OperatorGroup",
    metadata: { name: namespace, namespace },
    spec: targetNamespaces.length > 0 ? { targetNamespaces } : {},
  };
}

/**
 * The subscription to an operator's channel. An operator with a fixed version has manual approval: the program approves only this version
 * (`steps/operator`).
 */
export function operatorSubscription(entry: OperatorConfiguration): ApiObject {
  const { package: name, namespace, source, channel, startingCSV } = entry;
  const config = subscriptionConfig(entry);
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "Subscription",
    metadata: { name, namespace },
    spec: {
      name,
      channel,
      source: source.name,
      sourceNamespace: source.namespace,
      installPlanApproval: startingCSV === undefined ? "Automatic" : "Manual",
      ...(startingCSV !== undefined && { startingCSV }),
      ...(config && { config }),
    },
  };
}

/** Settings of the operator's pods; undefined if there are none. */
function subscriptionConfig({ placement, env }: OperatorConfiguration): object | undefined {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  if (placement === undefined && variables.length === 0) return undefined;
  return { ...(placement && placementFields(placement)), ...(variables.length > 0 && { env: variables }) };
}
