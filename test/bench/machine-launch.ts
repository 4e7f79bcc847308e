import { resourceName } from "../../lib/pulumi/urn";
import type { Span } from "./event-log";

/** The instances that an update launched, by the time of their launch. */
export interface MachineLaunch {
  /** The bootstrap instance and the control plane. */
  readonly first: readonly Span[];
  /** Workers and infra nodes, which are launched when the bootstrap is complete. */
  readonly joining: readonly Span[];
  /** Seconds from the first launch in `joining` to the end of the last one: the provider's wait for these instances. */
  readonly joiningSeconds: number;
}

/** Finds the launched instances among the operations of an update, without the installer host. */
export function machineLaunch(spans: readonly Span[]): MachineLaunch {
  const machines = spans.filter(({ type, urn }) => type === "aws:ec2/instance:Instance" && resourceName(urn) !== "installer-host-machine");
  const [joining, first] = [true, false].map((joins) =>
    machines.filter(({ urn }) => /^(workers|infra)-/.test(resourceName(urn)) === joins),
  );
  const joiningSeconds =
    joining.length === 0 ? 0 : Math.max(...joining.map(({ end }) => end)) - Math.min(...joining.map(({ start }) => start));
  return { first, joining, joiningSeconds };
}
