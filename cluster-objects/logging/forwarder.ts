import { LOKI_OUTPUT } from "../../config/logging/fields";
import type { LoggingConfiguration, LogPipeline } from "../../config/logging/settings";
import type { ApiObject } from "../object";
import { COLLECTOR, FORWARDER, FORWARDER_API, inLogging } from "./names";
import { lokiOutput, outputFields } from "./outputs";

/**
 * The forwarder. Its collectors run on every node, because of their tolerations. By default, they leave out nodes with taints other than
 * the control plane's, such as infra nodes, and the logs of these nodes would be missing (openshift/cluster-logging-operator,
 * `internal/constants` and `internal/collector/collector.go`, master: DefaultTolerations).
 */
export function clusterLogForwarder({ loki, outputs, pipelines }: LoggingConfiguration): ApiObject {
  const inputs = pipelines.flatMap((pipeline) => (selectsNamespaces(pipeline) ? [applicationInput(pipeline)] : []));
  const store = loki && { name: LOKI_OUTPUT, inputRefs: loki.kinds, outputRefs: [LOKI_OUTPUT] };
  return {
    apiVersion: FORWARDER_API,
    kind: "ClusterLogForwarder",
    metadata: inLogging(FORWARDER),
    spec: {
      managementState: "Managed",
      serviceAccount: { name: COLLECTOR },
      collector: { tolerations: [{ operator: "Exists" }] },
      ...(inputs.length > 0 && { inputs }),
      outputs: [...(loki ? [lokiOutput()] : []), ...outputs.map(outputFields)],
      pipelines: [...(store ? [store] : []), ...pipelines.map(pipelineFields)],
    },
  };
}

function selectsNamespaces({ kinds, namespaces = [], excludedNamespaces = [] }: LogPipeline): boolean {
  return kinds.includes("application") && namespaces.length + excludedNamespaces.length > 0;
}

/** The application logs of a pipeline's namespaces. */
function applicationInput({ name, namespaces = [], excludedNamespaces = [] }: LogPipeline): object {
  const each = (all: readonly string[]) => all.map((namespace) => ({ namespace }));
  return {
    name: inputName(name),
    type: "application",
    application: {
      ...(namespaces.length > 0 && { includes: each(namespaces) }),
      ...(excludedNamespaces.length > 0 && { excludes: each(excludedNamespaces) }),
    },
  };
}

function inputName(pipeline: string): string {
  return `${pipeline}-namespaces`;
}

function pipelineFields(pipeline: LogPipeline): object {
  const { name, kinds, outputs } = pipeline;
  const inputRefs = kinds.map((kind) => (kind === "application" && selectsNamespaces(pipeline) ? inputName(name) : kind));
  return { name, inputRefs, outputRefs: outputs };
}
