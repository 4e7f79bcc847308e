import { MAX_COMMENT_CHARACTERS } from "../plan/show";
import type { GitHub } from "./github";

/** Invisible text by which a later run finds the comment. */
export function markerOf(stack: string): string {
  return `<!-- okd-aws plan ${stack.replaceAll(/[^\w.-]/g, "_")} -->`;
}

/**
 * Posts a stack's plan on a pull request. If an earlier run posted a comment, edits that comment. Other people's comments
 * are never changed.
 */
export async function writeComment(github: GitHub, pullRequest: number, stack: string, plan: string): Promise<"created" | "edited"> {
  const marker = markerOf(stack);
  const body = withinLimit(`${marker}\n${plan}`);
  const own = (await github.comments(pullRequest)).find(({ body: text, user }) => user?.type === "Bot" && (text ?? "").startsWith(marker));
  if (own === undefined) {
    await github.comment(pullRequest, body);
    return "created";
  }
  await github.editComment(own.id, body);
  return "edited";
}

/** Cuts a comment to GitHub's limit. The plan itself fits, but not always together with the text before it. */
export function withinLimit(text: string): string {
  return cut(text, MAX_COMMENT_CHARACTERS);
}

/** Cuts a text to this length, including a notice if there is space for it. */
export function cut(text: string, max: number): string {
  const notice = "\n\n… cut here: the run's summary has the whole text";
  return text.length <= max ? text : (text.slice(0, Math.max(0, max - notice.length)) + notice).slice(0, max);
}
