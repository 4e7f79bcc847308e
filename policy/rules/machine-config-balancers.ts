import { oneOf, policyRule } from "../rule";
import { booleanValue, isKnown, valuesIn, displayValue } from "../value";

/**
 * To a target, traffic that comes through the load balancer has the load balancer's own address. The target's security groups can't tell this address
 * from an instance's. So only the security groups of the load balancer itself decide who reaches the machine config server through it. An
 * internet-facing load balancer has no such listener (rule public-listeners).
 */
export const machineConfigBalancers = policyRule({
  name: "machine-config-balancer",
  description: "Only instances can reach the machine config server through load balancers.",
  defaults: {},
  appliesTo: oneOf(["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]),
  check({ properties: { internal, loadBalancerType, securityGroups } }) {
    if (displayValue(loadBalancerType) !== "network" || booleanValue(internal) !== true) return [];
    if (!isKnown(securityGroups) || valuesIn(securityGroups).length > 0) return [];
    return [
      {
        wrong: "has no security groups, so everyone who can reach it can also reach the machine config server",
        value: "securityGroups: none",
        allowed: "an internal network load balancer with security groups",
        fix: "declare it with securityGroups; a network load balancer that was created without them can't get any later",
      },
    ];
  },
});
