import type { GitHub } from "./github";
import { withinLimit } from "./comment";

/** The label by which a stack's issue is found again. */
const label = "drift";

/** What a night's look at a stack found. */
export interface Drift {
  readonly stack: string;
  /** What `pulumi refresh --preview-only` printed; undefined where nothing has drifted. */
  readonly difference: string | undefined;
  /** Where the run can be read. */
  readonly run: string;
}

/** One issue a stack: opened with the first drift, kept up to date, closed when there is none any more. */
export async function reportDrift(github: GitHub, { stack, difference, run }: Drift): Promise<"opened" | "updated" | "closed" | "nothing"> {
  const title = `Drift: ${stack}`;
  const issue = (await github.openIssues(label)).find((each) => each.title === title);
  if (difference === undefined) {
    if (issue?.number === undefined) return "nothing";
    await github.comment(issue.number, `Nothing differs any more: ${run}`);
    await github.editIssue(issue.number, { state: "closed" });
    return "closed";
  }
  const body = withinLimit(describeDrift(stack, difference, run));
  if (issue?.number === undefined) {
    await github.openIssue(title, body, [label]);
    return "opened";
  }
  await github.editIssue(issue.number, { body });
  return "updated";
}

function describeDrift(stack: string, difference: string, run: string): string {
  return [
    `What stands in AWS or in the cluster isn't what the state of \`${stack}\` says: somebody or something changed it beside this program.`,
    "",
    `- Wanted? Write it into the configuration, and take it into the state: \`pulumi refresh --stack ${stack}\`.`,
    `- Not wanted? \`make up STACK=${stack}\` puts it back, after \`pulumi refresh --stack ${stack}\`.`,
    "",
    fenced(difference),
    "",
    `Seen by ${run}`,
  ].join("\n");
}

/** Text in a block that it can't end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
