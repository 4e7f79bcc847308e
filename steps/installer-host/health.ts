import { parseHostHealth } from "../../ignition/installer-host/health";
import { systemClock } from "../../lib/clock";
import { TolerantReader } from "../../lib/temporary-error";
import type { PublishedObject, WaitContext } from "../published-object";

/** Parameters of the wait. */
export interface HealthRequest extends PublishedObject {
  readonly region: string;
  /** The instance whose health is awaited. The published health of an earlier instance is ignored. */
  readonly instanceId: string;
  readonly timeoutSeconds: number;
}

/**
 * Waits until the installer host has published that its registry answers and the release's tools are installed.
 *
 * @throws Error with the reason that the host has published, if the time is over.
 */
export async function waitForHealth(request: HealthRequest, { read, say, interval, clock = systemClock }: WaitContext): Promise<void> {
  const { instanceId, timeoutSeconds } = request;
  const deadline = clock.now() + timeoutSeconds * 1000;
  const reader = new TolerantReader({ of: "the installer host's health in S3", say, now: clock.now });
  let last: string | undefined;
  for (;;) {
    const text = (await reader.read(read))?.answer;
    const health = text === undefined ? undefined : parseHostHealth(text);
    if (health?.instanceId === instanceId) {
      if (health.state === "healthy") return;
      if (health.reason !== last) say(`the installer host is not ready yet: ${health.reason}`);
      last = health.reason;
    }
    if (clock.now() + interval > deadline) throw new Error(`${failure(request, last)}${reader.lastFailure}`);
    await clock.pause(interval);
  }
}

function failure({ instanceId, timeoutSeconds, region }: HealthRequest, reason: string | undefined): string {
  const late = `the installer host ${instanceId} was not healthy within ${timeoutSeconds} seconds.`;
  const again = "Fix the cause, then run pulumi up again.";
  if (reason !== undefined) return `${late} Its message: ${reason} ${again}`;
  const console = `aws ec2 get-console-output --latest --instance-id ${instanceId} --region ${region}`;
  return `${late} It has published no state: it may not have booted, or can't reach AWS or its container images. For details see its console ("${console}") and, on the host, "journalctl --unit okd-publish-health". ${again}`;
}
