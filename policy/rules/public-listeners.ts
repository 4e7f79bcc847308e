import { named } from "../ranges";
import { type Declared, type Refusal, type Settings } from "../rule";
import { flag, isKnown, shown, unknown } from "../value";
import { machineConfigPorts } from "./machine-config-server";

/** A listener, the balancer that it is of, and the groups that it passes connections on to. */
export interface Listening {
  readonly listener: Declared;
  readonly balancers: readonly Declared[];
  readonly targetGroups: readonly Declared[];
}

export interface ListenerSettings extends Settings {
  /** Ports that everyone may reach. */
  readonly publicPorts: readonly string[];
}

/** The one demand on resources together: a listener alone doesn't say who reaches it. */
export const publicListeners = {
  name: "public-listeners",
  description: "A balancer on the internet passes on what is published, and nothing else.",
  defaults: { publicPorts: [] } as ListenerSettings,
  listenerTypes: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as readonly string[],
  check({ listener, balancers, targetGroups }: Listening, { publicPorts }: ListenerSettings): Refusal[] {
    const open = balancers.some(({ properties: { internal } }) => internal !== unknown && flag(internal) !== true);
    const { port } = listener.properties;
    if (!open || port === undefined || !isKnown(port)) return [];
    const behind = machineConfigPorts.find((each) => targetGroups.some(({ properties }) => shown(properties.port) === String(each)));
    if (publicPorts.includes(shown(port)) && behind === undefined) return [];
    return [
      {
        wrong:
          behind === undefined ? "listens on the internet on a port that isn't published" : "shows the internet the machine config server",
        value: `port ${shown(port)}${behind === undefined ? "" : `, passed on to port ${behind}`}`,
        allowed: `ports ${named(publicPorts, "none, since publish is Internal")}, and never ${machineConfigPorts.join(" or ")} behind them`,
        fix: "give the listener to the internal balancer",
      },
    ];
  },
};
