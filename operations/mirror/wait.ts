import { parseMirrorState } from "../../ignition/mirror/state";
import { systemClock } from "../clock";
import { Hiccups } from "../hiccup";
import type { PublishedObject, WaitContext } from "../published-object";

/** What is waited for. */
export interface WaitRequest extends PublishedObject {
  readonly region: string;
  /** The volume that must have the images: a state of another one is history. */
  readonly volumeId: string;
  readonly timeoutSeconds: number;
}

/** Failures in a row of one wait after which it is given up: the host tries again by itself, and registries do fail for a minute. */
const mostFailures = 3;

/**
 * Waits until the installer host has mirrored the image set.
 *
 * @returns what oc-mirror wrote for the cluster, by name.
 * @throws Error with the last lines of what oc-mirror said, when the host has failed three times, or the time is over.
 */
export async function waitForMirror(
  request: WaitRequest,
  { read, say, interval, clock = systemClock }: WaitContext,
): Promise<Readonly<Record<string, string>>> {
  const deadline = clock.now() + request.timeoutSeconds * 1000;
  const hiccups = new Hiccups({ of: "the installer host's state of the mirror in S3", say, now: clock.now });
  const failures = new Set<string>();
  let known: string | undefined;
  let last = "It has published nothing: it may not have booted, or reach neither AWS nor its container images.";
  for (;;) {
    const asked = await hiccups.ask(read);
    const text = asked?.answer;
    const state = text === undefined ? undefined : parseMirrorState(text);
    if (state?.volumeId === request.volumeId && text !== known) {
      if (state.state === "done") return state.resources;
      if (state.state === "mirroring") {
        say("the installer host mirrors the release into its registry");
        last = "It is still at it.";
      } else if (known === undefined) {
        // Of an attempt before this wait: what came of the next one counts.
        last = `The last attempt failed:\n${state.lines}`;
      } else {
        failures.add(state.time);
        say(`mirroring failed (${failures.size} of ${mostFailures} attempts):\n${state.lines}`);
        last = `The last attempt failed:\n${state.lines}`;
        if (failures.size >= mostFailures) throw new Error(`the installer host can't mirror the release. ${last}\n${advice}`);
      }
    }
    if (asked !== undefined) known = text ?? known ?? "";
    if (clock.now() + interval > deadline) {
      const late = `the installer host has not mirrored the release within ${request.timeoutSeconds} seconds.`;
      throw new Error(`${late} ${last}${hiccups.last}\n${advice}`);
    }
    await clock.pause(interval);
  }
}

const advice = 'On the host, "journalctl --unit okd-mirror" says more. Run pulumi up again once that is mended.';
