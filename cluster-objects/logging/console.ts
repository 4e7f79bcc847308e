import type { ApiObject } from "../object";
import { LOKI } from "./names";

/**
 * The console's page of logs. The operator accepts only this name (rhobs/observability-operator, `pkg/apis/uiplugin/v1alpha1/types.go`,
 * main), and looks for the LokiStack in openshift-logging.
 */
export function loggingPlugin(): ApiObject {
  return {
    apiVersion: "observability.openshift.io/v1alpha1",
    kind: "UIPlugin",
    metadata: { name: "logging" },
    spec: { type: "Logging", logging: { lokiStack: { name: LOKI } } },
  };
}
