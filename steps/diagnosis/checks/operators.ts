import { conditionOf } from "../../../lib/kubernetes/conditions";
import { type Finding, oneLine } from "../finding";
import type { WithConditions } from "../read/cluster";
import type { Evidence } from "../evidence";

/** Checks that every cluster operator is available, that none is degraded, and that the ClusterVersion is not failing. */
export function checkOperators({ cluster }: Evidence): Finding[] {
  const { operators, clusterVersion } = cluster ?? {};
  const failing = conditionOf(clusterVersion?.status?.conditions, "Failing");
  return [
    ...(operators ?? []).flatMap(operatorProblem),
    ...(failing?.status === "True"
      ? [
          {
            layer: "operators" as const,
            problem: `the cluster version operator reports a failure (${failing.reason ?? "no reason given"}): ${oneLine(failing.message)}`,
            remedy: "read `oc adm upgrade` and the log of deployment/cluster-version-operator in openshift-cluster-version",
          },
        ]
      : []),
  ];
}

function operatorProblem(operator: WithConditions): Finding[] {
  const name = operator.metadata?.name ?? "";
  const available = conditionOf(operator.status?.conditions, "Available");
  const degraded = conditionOf(operator.status?.conditions, "Degraded");
  const isUnavailable = available?.status !== "True";
  const isDegraded = degraded?.status === "True";
  if (!isUnavailable && !isDegraded) return [];
  const state = [...(isUnavailable ? ["isn't available"] : []), ...(isDegraded ? ["is degraded"] : [])].join(" and ");
  const message = oneLine((isDegraded ? degraded.message : undefined) ?? available?.message);
  return [
    {
      layer: "operators",
      problem: `cluster operator ${name} ${state}: ${message}`,
      remedy: `run \`oc describe clusteroperator ${name}\`, and look at the pods in the namespaces that it lists`,
    },
  ];
}
