import { MOST_CHARACTERS } from "../plan/show";
import { markerOf } from "./comment";
import { fenced } from "./fenced";

/**
 * What a fork's run left, as it may stand under this project's name: a heading of ours, and its text in a block, where it is no more than text.
 * Whoever wrote the pull request may have written that, too.
 */
export function forkComment(stack: string, head: string, text: string): string {
  const heading = [
    `### Plan for \`${stack}\` at ${head}, not verified`,
    "",
    `> **Made by this pull request's own code, not verified**; commit ${head}. Read the change itself before you rely on it.`,
    "",
    "",
  ].join("\n");
  const room = MOST_CHARACTERS - markerOf(stack).length - 1 - heading.length;
  return heading + fenced(text, room);
}
