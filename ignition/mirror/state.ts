import { withoutInvisibleInLines } from "../../config/invisible";
import { decodeFiles } from "../file-transfer";
import { mostPublishedBytes } from "./published-files";

/** How far the installer host is with an image set, as it publishes it. */
export interface MirrorState {
  readonly state: "mirroring" | "failed" | "done";
  /** When it was published; one failure is told from the next by it. */
  readonly time: string;
  /** ID of the volume that the images are on. */
  readonly volumeId: string;
  /** What oc-mirror wrote for the cluster, by name; when it is done. */
  readonly resources: Readonly<Record<string, string>>;
  /** The last lines of what it said; when it failed. */
  readonly lines: string;
}

/**
 * Reads what the host's script wrote.
 *
 * @throws Error when it is of another form: it becomes part of the installation.
 */
export function parseMirrorState(text: string): MirrorState {
  const [head, ...rest] = text.split("\n");
  const form = /^(mirroring|failed|done) (\S+) vol([0-9a-f]+)$/.exec(head);
  if (form === null) throw new Error(`the installer host's state of the mirror begins with ${JSON.stringify(head.slice(0, 200))}`);
  const [, state, time, volume] = form;
  const body = rest.join("\n");
  return {
    state: state as MirrorState["state"],
    time,
    volumeId: `vol-${volume}`,
    resources: state === "done" ? decoded(body) : {},
    lines: state === "failed" ? withoutInvisibleInLines(body).trimEnd() : "",
  };
}

function decoded(body: string): Record<string, string> {
  try {
    return decodeFiles(body, mostPublishedBytes);
  } catch (error) {
    throw new Error(`the installer host's state of the mirror can't be read: ${(error as Error).message}`, { cause: error });
  }
}
