import { resourceName } from "../../lib/pulumi/urn";
import type { Span } from "./event-log";

/** The machines of an update, by when they are launched. */
export interface MachineLaunch {
  /** The bootstrap machine and the control plane. */
  readonly first: readonly Span[];
  /** Workers and infra machines, which are launched when they can join. */
  readonly joining: readonly Span[];
  /** Seconds from the first launch of a joining machine to the end of the last: the provider's own wait for instances. */
  readonly joiningSeconds: number;
}

/** Which machines an update launched, without the installer host. */
export function machineLaunch(spans: readonly Span[]): MachineLaunch {
  const machines = spans.filter(({ type, urn }) => type === "aws:ec2/instance:Instance" && resourceName(urn) !== "installer-host-machine");
  const [joining, first] = [true, false].map((joins) =>
    machines.filter(({ urn }) => /^(workers|infra)-/.test(resourceName(urn)) === joins),
  );
  const joiningSeconds =
    joining.length === 0 ? 0 : Math.max(...joining.map(({ end }) => end)) - Math.min(...joining.map(({ start }) => start));
  return { first, joining, joiningSeconds };
}
