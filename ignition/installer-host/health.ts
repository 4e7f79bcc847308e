import { withoutInvisibleInLines } from "../../config/invisible";
import type { HostServices } from "./installer-host";
import { oneshot, timer } from "./units";

/** Key of the object in the assets bucket in which the installer host publishes whether its registry, tools and certificate approver are ready. */
export const healthKey = "installer-host/health";

/** What a host has published of itself. */
export interface HostHealth {
  readonly state: "healthy" | "unhealthy";
  /** When it was published: the state has not changed since. */
  readonly time: string;
  /** The machine that it is of: what another one has published is history. */
  readonly instanceId: string;
  /** What is not ready, one service a line; empty when all is. */
  readonly reason: string;
}

/** Units of the host that `okd-health` names. */
type Service = "okd-registry-push" | "okd-registry-pull" | "okd-tools" | "certificate-approver";

/** What a host says of one of its services, in the words of `okd-health`; undefined where that service is ready. */
export function reasonOfService({ reason }: HostHealth, unit: Service): string | undefined {
  return reason.split("\n").find((line) => isAbout(unit, line));
}

/** What a host says of its other services; empty where they are ready. */
export function reasonsBeside(unit: Service, { reason }: HostHealth): string {
  return reason
    .split("\n")
    .filter((line) => !isAbout(unit, line))
    .join("\n");
}

function isAbout(unit: Service, line: string): boolean {
  return line.includes(`"journalctl --unit ${unit}"`);
}

/** Command that waits on the host, for so many seconds, until registry and tools are ready, and says what is missing when they are not. */
export function healthCommand(seconds: number): string {
  return `sudo /usr/local/bin/okd-health tools ${seconds}`;
}

/** The timer that has the host's health looked at, and published whenever it changes. */
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
 * Reads what the host's script wrote.
 *
 * @throws Error when it is of another form.
 */
export function parseHostHealth(text: string): HostHealth {
  const [head, ...rest] = text.split("\n");
  const form = /^(healthy|unhealthy) (\S+) (i-[0-9a-f]+)$/.exec(head);
  if (form === null)
    throw new Error(`what the installer host has published of its health begins with ${JSON.stringify(head.slice(0, 200))}`);
  const [, state, time, instanceId] = form;
  return { state: state as HostHealth["state"], time, instanceId, reason: withoutInvisibleInLines(rest.join("\n")).trim() };
}
