import { withoutInvisibleInLines } from "../../config/invisible";
import type { HostServices } from "./services";
import { oneshot, timer } from "./units";

/** Key of the object in the assets bucket in which the installer host publishes whether its registry, tools and approver are ready. */
export const healthKey = "installer-host/health";

/** Health that a host has published. */
export interface PublishedHealth {
  readonly state: "healthy" | "unhealthy";
  /** When it was published; the state has not changed since. */
  readonly time: string;
  /** The instance that published it; the health that a replaced instance published is ignored. */
  readonly instanceId: string;
  /** The services that are not ready, one per line; empty if all are. */
  readonly reason: string;
}

/** Units whose names `okd-health` prints. */
type Service = "okd-registry-push" | "okd-registry-pull" | "okd-tools" | "certificate-approver";

/** The line of `okd-health` about one service; undefined if the service is ready. */
export function reasonOfService({ reason }: PublishedHealth, unit: Service): string | undefined {
  return reason.split("\n").find((line) => isAbout(unit, line));
}

/** The lines of `okd-health` about all other services; empty if they are ready. */
export function otherReasons(unit: Service, { reason }: PublishedHealth): string {
  return reason
    .split("\n")
    .filter((line) => !isAbout(unit, line))
    .join("\n");
}

function isAbout(unit: Service, line: string): boolean {
  return line.includes(`"journalctl --unit ${unit}"`);
}

/**
 * Command that waits on the host until registry and tools are ready. After the given number of seconds it prints the parts that are missing, and
 * fails.
 */
export function healthCommand(seconds: number): string {
  return `sudo /usr/local/bin/okd-health tools ${seconds}`;
}

/** The timer that checks the host's health and publishes every change. */
export function healthServices(bucket: string): HostServices {
  const unit = { name: "okd-publish-health", description: "Publishes whether registry, tools and certificate approver are ready" };
  return {
    files: [],
    secrets: [],
    units: [
      oneshot({ ...unit, command: `okd-publish-health ${bucket} ${healthKey}`, atBoot: false }),
      timer(unit.name, unit.description, ["OnBootSec=15s", "OnUnitInactiveSec=30s"]),
    ],
  };
}

/**
 * Parses the health that the host's script wrote.
 *
 * @throws Error if it has another format.
 */
export function parseHostHealth(text: string): PublishedHealth {
  const [head, ...rest] = text.split("\n");
  const form = /^(healthy|unhealthy) (\S+) (i-[0-9a-f]+)$/.exec(head);
  if (form === null)
    throw new Error(
      `the installer host published its health in an unknown form: the first line is ${JSON.stringify(head.slice(0, 200))}, ` +
        'but must be "healthy" or "unhealthy", a time and an instance ID',
    );
  const [, state, time, instanceId] = form;
  return { state: state as PublishedHealth["state"], time, instanceId, reason: withoutInvisibleInLines(rest.join("\n")).trim() };
}
