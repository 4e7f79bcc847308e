/** Entry point `@okd-aws/sandbox/cluster/grafana`: stand-ins for grafana-operator and the service CA operator. */
export { GrafanaOperatorStandIn } from "./grafana-operator-stand-in";
export { ServiceCaStandIn } from "../service-ca-stand-in";
