import { oneOf, rule } from "../rule";
import { flag, isKnown, list, shown } from "../value";

/**
 * A balancer's targets see the balancer's own address, which their security groups take for a machine's. So only the balancer's own security groups
 * say who reaches the machine config server through it. A balancer on the internet has no such listener (rule public-listeners).
 */
export const machineConfigBalancers = rule({
  name: "machine-config-balancer",
  description: "The machine config server is reached through balancers by machines only.",
  defaults: {},
  appliesTo: oneOf(["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]),
  check({ properties: { internal, loadBalancerType, securityGroups } }) {
    if (shown(loadBalancerType) !== "network" || flag(internal) !== true) return [];
    if (!isKnown(securityGroups) || list(securityGroups).length > 0) return [];
    return [
      {
        wrong: "lets every network that reaches it connect to every port, the machine config server's among them",
        value: "securityGroups: none",
        allowed: "an internal network load balancer with security groups",
        fix: "declare it with securityGroups: a network load balancer that was created without can't get any later",
      },
    ];
  },
});
