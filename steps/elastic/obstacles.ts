import type { ApiItem } from "../../lib/kubernetes/client";
import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";

/** The fields of a pod that show why the pod does not run. */
export interface WaitingPod extends ApiItem {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
  };
}

/** A message of a controller about an object. */
export interface WarningEvent extends ApiItem {
  readonly type?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

/** Reasons for which containers wait in every start; these are not obstacles. */
const USUAL = ["PodInitializing", "ContainerCreating"];

/** Maximum number of warnings, and of pods' obstacles, in the message. */
const MOST = 5;

/** Minutes after which an init container that still runs is an obstacle: usually it takes seconds. This project's choice. */
const INIT_MINUTES = 5;

/**
 * The reasons why pods do not run: no node has room, an image cannot be pulled, a container crashes, or an init container waits for something.
 * `now` is in milliseconds since 1970.
 */
export function podObstacles(pods: readonly WaitingPod[], now: number): string[] {
  return pods.flatMap(({ metadata: { name }, status = {} }) => {
    const scheduled = conditionOf(status.conditions, "PodScheduled");
    if (scheduled?.status === "False") return [`pod ${name} has no node: ${scheduled.message ?? scheduled.reason ?? ""}`];
    const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    const endless = (status.initContainerStatuses ?? []).flatMap(({ name: container, state }) => {
      const minutes = Math.floor((now - Date.parse(state?.running?.startedAt ?? "")) / 60_000);
      return minutes >= INIT_MINUTES ? [`init container ${container} of pod ${name} has been running for ${minutes} minutes`] : [];
    });
    const waiting = containers.flatMap(({ name: container, state }) => {
      const { reason, message = "" } = state?.waiting ?? {};
      return reason === undefined || USUAL.includes(reason)
        ? []
        : [`container ${container} of pod ${name}: ${reason} ${message}`.trimEnd()];
    });
    return [...endless, ...waiting];
  });
}

/** The newest warnings of the operator about its own resources. */
export function operatorWarnings(events: readonly WarningEvent[], kinds: readonly string[]): string[] {
  const time = ({ lastTimestamp, eventTime, metadata }: WarningEvent) => lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "";
  return events
    .filter(({ type, involvedObject }) => type === "Warning" && kinds.includes(involvedObject?.kind ?? ""))
    .sort((one, other) => time(other).localeCompare(time(one)))
    .map(({ involvedObject, message = "" }) => `${involvedObject?.kind ?? ""}/${involvedObject?.name ?? ""}: ${message}`);
}

/** The lines of a message, without repetitions, and how many more there are. */
export function fewLines(lines: readonly string[]): string[] {
  const different = [...new Set(lines)];
  return different.length <= MOST ? different : [...different.slice(0, MOST), `and ${different.length - MOST} more`];
}
