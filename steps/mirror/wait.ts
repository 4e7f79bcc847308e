import { parseMirrorState } from "../../ignition/mirror/state";
import { systemClock } from "../../lib/clock";
import { TolerantReader } from "../../lib/temporary-error";
import type { PublishedObject, WaitContext } from "../published-object";

/** Parameters of the wait. */
export interface WaitRequest extends PublishedObject {
  readonly region: string;
  /** Volume that must have the images; the state of another volume is out of date. */
  readonly volumeId: string;
  readonly timeoutSeconds: number;
}

/** Failed attempts after which the wait gives up. The host tries again by itself, since a registry may fail for a minute. */
const maxFailures = 3;

/**
 * Waits until the installer host has mirrored the image set.
 *
 * @returns the resources that oc-mirror wrote for the cluster, by name.
 * @throws Error with oc-mirror's last lines, if the host has failed three times or the time is over.
 */
export async function waitForMirror(
  request: WaitRequest,
  { read, say, interval, clock = systemClock }: WaitContext,
): Promise<Readonly<Record<string, string>>> {
  const deadline = clock.now() + request.timeoutSeconds * 1000;
  const reader = new TolerantReader({ of: "the state of the mirror that the installer host publishes in S3", say, now: clock.now });
  const failures = new Set<string>();
  let known: string | undefined;
  let last = "It has published no state: it may not have booted, or can't reach AWS or its container images.";
  for (;;) {
    const asked = await reader.read(read);
    const text = asked?.answer;
    const state = text === undefined ? undefined : parseMirrorState(text);
    if (state?.volumeId === request.volumeId && text !== known) {
      if (state.state === "done") return state.resources;
      if (state.state === "mirroring") {
        say("the installer host is mirroring the release to its registry");
        last = "It is still mirroring.";
      } else if (known === undefined) {
        // This attempt failed before the wait began, so it does not count towards `maxFailures`.
        last = `The last attempt failed:\n${state.lines}`;
      } else {
        failures.add(state.time);
        say(`mirroring failed (${failures.size} of ${maxFailures} attempts):\n${state.lines}`);
        last = `The last attempt failed:\n${state.lines}`;
        if (failures.size >= maxFailures) throw new Error(`the installer host can't mirror the release. ${last}\n${advice}`);
      }
    }
    if (asked !== undefined) known = text ?? known ?? "";
    if (clock.now() + interval > deadline) {
      const late = `the installer host has not mirrored the release within ${request.timeoutSeconds} seconds.`;
      throw new Error(`${late} ${last}${reader.lastFailure}\n${advice}`);
    }
    await clock.pause(interval);
  }
}

const advice = 'For details run "journalctl --unit okd-mirror" on the host. Fix the cause, then run pulumi up again.';
