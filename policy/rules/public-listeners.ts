import type { CompleteProblem } from "../../lib/problem";
import { type DeclaredResource, type RuleSettings } from "../rule";
import { booleanValue, isKnown, displayValue, unknown } from "../value";
import { machineConfigPorts } from "./machine-config-server";

/** A listener with its load balancer and its target groups. */
export interface ListenerWithTargets {
  readonly listener: DeclaredResource;
  readonly loadBalancers: readonly DeclaredResource[];
  readonly targetGroups: readonly DeclaredResource[];
}

export interface ListenerSettings extends RuleSettings {
  /** Ports that everyone may reach. */
  readonly publicPorts: readonly string[];
}

/** The only rule that needs several resources: a listener alone does not show who can reach it. */
export const publicListeners = {
  name: "public-listeners",
  description: "An internet-facing load balancer forwards only the public ports.",
  defaults: { publicPorts: [] } as ListenerSettings,
  listenerTypes: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as readonly string[],
  check({ listener, loadBalancers, targetGroups }: ListenerWithTargets, { publicPorts }: ListenerSettings): CompleteProblem[] {
    const open = loadBalancers.some(({ properties: { internal } }) => internal !== unknown && booleanValue(internal) !== true);
    const { port } = listener.properties;
    if (!open || port === undefined || !isKnown(port)) return [];
    const behind = machineConfigPorts.find((each) => targetGroups.some(({ properties }) => displayValue(properties.port) === String(each)));
    if (publicPorts.includes(displayValue(port)) && behind === undefined) return [];
    return [
      {
        wrong:
          behind === undefined
            ? "listens on the internet on a port that the configuration does not open"
            : "exposes the machine config server to the internet",
        value: `port ${displayValue(port)}${behind === undefined ? "" : `, forwarded to port ${behind}`}`,
        allowed:
          publicPorts.length === 0
            ? "no public port, because publish is Internal and no router shard has waf"
            : `ports ${publicPorts.join(", ")}, and never forwarded to ${machineConfigPorts.join(" or ")}`,
        fix: "attach the listener to the internal load balancer",
      },
    ];
  },
};
