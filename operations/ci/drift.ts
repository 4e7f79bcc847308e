import type { GitHub } from "./github";
import { MOST_CHARACTERS } from "../plan/show";
import { fenced } from "./fenced";

/** The label by which a stack's issue is found again. */
const label = "drift";

/** What a night's look at a stack found. */
export interface Drift {
  readonly stack: string;
  /** What `pulumi refresh --preview-only` printed; undefined where nothing has drifted. */
  readonly difference: string | undefined;
  /** The cluster's API, where it couldn't be reached, and what is in the cluster was left out. */
  readonly unreachable: string | undefined;
  /** Where the run can be read. */
  readonly run: string;
}

/** One issue a stack: opened with the first drift, kept up to date, closed when there is none any more. */
export async function reportDrift(github: GitHub, drift: Drift): Promise<"opened" | "updated" | "closed" | "nothing"> {
  const { stack, difference, run } = drift;
  const title = `Drift: ${stack}`;
  const issue = (await github.openIssues(label)).find((each) => each.title === title);
  if (difference === undefined) {
    if (issue?.number === undefined) return "nothing";
    await github.comment(issue.number, [`Nothing differs any more: ${run}`, ...leftOut(drift)].join("\n\n"));
    await github.editIssue(issue.number, { state: "closed" });
    return "closed";
  }
  const body = describeDrift(drift, difference);
  if (issue?.number === undefined) {
    await github.openIssue(title, body, [label]);
    return "opened";
  }
  await github.editIssue(issue.number, { body });
  return "updated";
}

function describeDrift(drift: Drift, difference: string): string {
  const { stack, run } = drift;
  const head = [
    `What stands in AWS or in the cluster isn't what the state of \`${stack}\` says: somebody or something changed it beside this program.`,
    "",
    `- Wanted? Write it into the configuration, and take it into the state: \`pulumi refresh --stack ${stack}\`.`,
    `- Not wanted? \`make up STACK=${stack}\` puts it back, after \`pulumi refresh --stack ${stack}\`.`,
    ...leftOut(drift).flatMap((note) => ["", note]),
    "",
    `Seen by ${run}`,
    "",
    "",
  ].join("\n");
  return head + fenced(difference, MOST_CHARACTERS - head.length);
}

function leftOut({ unreachable }: Drift): string[] {
  if (unreachable === undefined) return [];
  return [
    `> **Not looked at: the objects in the cluster.** ${unreachable} can't be reached from here; a self-hosted runner in its network can.`,
  ];
}
