import type { PriorityClass } from "../../config/access-control/settings";
import type { ApiObject } from "../object";

/** Immutable fields (kubernetes/kubernetes, `pkg/apis/scheduling/validation`). */
export const IMMUTABLE_PRIORITY_CLASS_FIELDS = ["value", "preemptionPolicy"];

export function priorityClass({ name, value, globalDefault, preemptionPolicy, description }: PriorityClass): ApiObject {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    globalDefault,
    preemptionPolicy,
    ...(description !== undefined && { description }),
  };
}
