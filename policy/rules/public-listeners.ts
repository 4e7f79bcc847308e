import { named } from "../ranges";
import { type Declared, type Problem, type Settings } from "../rule";
import { flag, isKnown, shown, unknown } from "../value";
import { machineConfigPorts } from "./machine-config-server";

/** A listener with its load balancer and its target groups. */
export interface Listening {
  readonly listener: Declared;
  readonly loadBalancers: readonly Declared[];
  readonly targetGroups: readonly Declared[];
}

export interface ListenerSettings extends Settings {
  /** Ports that everyone may reach. */
  readonly publicPorts: readonly string[];
}

/** The only rule that needs several resources: a listener alone does not show who can reach it. */
export const publicListeners = {
  name: "public-listeners",
  description: "A load balancer on the internet forwards only the public ports.",
  defaults: { publicPorts: [] } as ListenerSettings,
  listenerTypes: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as readonly string[],
  check({ listener, loadBalancers, targetGroups }: Listening, { publicPorts }: ListenerSettings): Problem[] {
    const open = loadBalancers.some(({ properties: { internal } }) => internal !== unknown && flag(internal) !== true);
    const { port } = listener.properties;
    if (!open || port === undefined || !isKnown(port)) return [];
    const behind = machineConfigPorts.find((each) => targetGroups.some(({ properties }) => shown(properties.port) === String(each)));
    if (publicPorts.includes(shown(port)) && behind === undefined) return [];
    return [
      {
        wrong:
          behind === undefined
            ? "listens on the internet on a port that is not public"
            : "exposes the machine config server to the internet",
        value: `port ${shown(port)}${behind === undefined ? "" : `, forwarded to port ${behind}`}`,
        allowed: `ports ${named(publicPorts, "none, because publish is Internal")}, never forwarded to ${machineConfigPorts.join(" or ")}`,
        fix: "attach the listener to the internal load balancer",
      },
    ];
  },
};
