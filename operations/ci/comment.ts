import { MOST_CHARACTERS } from "../plan/show";
import type { GitHub } from "./github";

/** Invisible in a comment, and how it is found again. */
export function markerOf(stack: string): string {
  return `<!-- okd-aws plan ${stack.replaceAll(/[^\w.-]/g, "_")} -->`;
}

/** Writes a stack's plan under a pull request: into the comment that an earlier run wrote, where there is one. Other people's comments stay. */
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

/** The plan itself is within the limit; what a workflow put in front of it may not be. */
export function withinLimit(text: string): string {
  return cut(text, MOST_CHARACTERS);
}

/** The first characters of a text that is longer, with a notice that counts among them where it fits. */
export function cut(text: string, most: number): string {
  const notice = "\n\n… cut here: the whole is in the run's summary";
  return text.length <= most ? text : (text.slice(0, Math.max(0, most - notice.length)) + notice).slice(0, most);
}
