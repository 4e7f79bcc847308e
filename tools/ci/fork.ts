import { MAX_COMMENT_CHARACTERS } from "../plan/show";
import { markerOf } from "./comment";
import { fencedBlock } from "./fenced";

/**
 * The comment for a fork's run: this project's heading, and the run's output in a code block, where it can't be markup. The output is untrusted, since the
 * author of the pull request controls it.
 */
export function forkComment(stack: string, head: string, text: string): string {
  const heading = [
    `### Plan for \`${stack}\` at ${head}, not verified`,
    "",
    `> **Made by this pull request's own code, not verified**; commit ${head}. Read the change itself before you rely on it.`,
    "",
    "",
  ].join("\n");
  const room = MAX_COMMENT_CHARACTERS - markerOf(stack).length - 1 - heading.length;
  return heading + fencedBlock(text, room);
}
