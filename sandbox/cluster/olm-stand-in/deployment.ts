import { createHash } from "node:crypto";
import type { KubeObject } from "../api";
import type { OlmCsv, OlmSubscription } from "./objects";

/** Label with the digest of a Deployment's spec. If the digest changes, OLM installs the Deployment again (`pkg/controller/install/deployment.go`, master). */
export const SPEC_HASH = "olm.deployment-spec-hash";

/**
 * The Deployments of a ClusterServiceVersion, with the settings of its Subscription (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/install/deployment.go` and `pkg/controller/operators/olm/overrides/inject/inject.go`, master). A Deployment's labels name its
 * ClusterServiceVersion, and its owner reference makes the garbage collector delete it with the ClusterServiceVersion.
 */
export function deploymentsOf(csv: OlmCsv, subscription: OlmSubscription | undefined): KubeObject[] {
  const { name: owner, namespace, uid, annotations = {} } = csv.metadata;
  const { nodeSelector, tolerations = [], env = [] } = subscription?.spec.config ?? {};
  const targets = Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith("olm.")));
  return csv.spec.install.spec.deployments.map(({ name, spec }) => {
    const { metadata, spec: pod } = spec.template;
    const containers = pod.containers.map((container) => ({
      ...container,
      env: merged([...(container.env ?? []), { name: "OPERATOR_CONDITION_NAME", value: owner }, ...env]),
    }));
    const template = {
      metadata: { ...metadata, annotations: { ...metadata.annotations, ...targets } },
      spec: {
        ...pod,
        containers,
        ...(nodeSelector && { nodeSelector }),
        tolerations: [...((pod.tolerations as object[] | undefined) ?? []), ...tolerations],
      },
    };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name,
        namespace,
        labels: {
          "olm.owner": owner,
          "olm.owner.kind": "ClusterServiceVersion",
          "olm.owner.namespace": namespace,
          [SPEC_HASH]: createHash("sha256")
            .update(JSON.stringify({ ...spec, template }))
            .digest("hex")
            .slice(0, 40),
        },
        ownerReferences: [{ apiVersion: csv.apiVersion, kind: csv.kind, name: owner, uid, controller: false, blockOwnerDeletion: false }],
      },
      spec: { ...spec, template },
    };
  });
}

/** The variables, each name once: the last variable of a name counts, so variables of the Subscription replace the bundle's variables. */
function merged(variables: readonly { name: string; value?: string }[]): object[] {
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}
