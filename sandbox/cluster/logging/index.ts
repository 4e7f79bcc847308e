/** Entry point `@okd-aws/sandbox/cluster/logging`: stand-ins for the operators of logging. */
export { collectorSinks } from "./collector-sinks";
export type { ForwarderSpec } from "./forwarder-conditions";
export { LoggingOperatorStandIn } from "./logging-operator-stand-in";
export { LokiOperatorStandIn } from "./loki-operator-stand-in";
