import { withoutInvisibleInLines } from "../../config/invisible";
import { decodeFiles } from "../file-transfer";
import { maxPublishedBytes } from "./published-files";

/** The installer host's progress with an image set, as it publishes it. */
export interface MirrorState {
  readonly state: "mirroring" | "failed" | "done";
  /** When it was published; it distinguishes one failure from the next. */
  readonly time: string;
  /** ID of the volume that contains the images. */
  readonly volumeId: string;
  /** Files that oc-mirror wrote for the cluster, by name; only in the state `done`. */
  readonly resources: Readonly<Record<string, string>>;
  /** The last lines of oc-mirror's output; only in the state `failed`. */
  readonly lines: string;
}

/**
 * Parses the state that the host's script wrote.
 *
 * @throws Error if it has another format. The check is strict, because the state's files become part of the installation.
 */
export function parseMirrorState(text: string): MirrorState {
  const [head, ...rest] = text.split("\n");
  const form = /^(mirroring|failed|done) (\S+) vol([0-9a-f]+)$/.exec(head);
  if (form === null)
    throw new Error(
      `the installer host published the state of the mirror in an unknown form: the first line is ${JSON.stringify(head.slice(0, 200))}, ` +
        'but must be "mirroring", "failed" or "done", a time and a volume',
    );
  const [, state, time, volume] = form;
  const body = rest.join("\n");
  return {
    state: state as MirrorState["state"],
    time,
    volumeId: `vol-${volume}`,
    resources: state === "done" ? decodeState(body) : {},
    lines: state === "failed" ? withoutInvisibleInLines(body).trimEnd() : "",
  };
}

function decodeState(body: string): Record<string, string> {
  try {
    return decodeFiles(body, maxPublishedBytes);
  } catch (error) {
    throw new Error(`the installer host's state of the mirror can't be read: ${(error as Error).message}`, { cause: error });
  }
}
