import type { GitHub } from "./github";
import { MAX_COMMENT_CHARACTERS } from "../plan/show";
import { fencedBlock } from "./fenced";

/** Label by which a later run finds the issue. */
const label = "drift";

/** The result of a drift check of a stack. */
export interface Drift {
  readonly stack: string;
  /** Output of `pulumi refresh --preview-only`; undefined if there is no drift. */
  readonly difference: string | undefined;
  /** URL of the cluster's API, if it could not be reached and the objects in the cluster were left out. */
  readonly unreachable: string | undefined;
  /** URL of the run. */
  readonly run: string;
}

/** Keeps one issue per stack: opens it at the first drift, updates it at each later drift, and closes it when there is no drift any more. */
export async function reportDrift(github: GitHub, drift: Drift): Promise<"opened" | "updated" | "closed" | "nothing"> {
  const { stack, difference, run } = drift;
  const title = `Drift: ${stack}`;
  const issue = (await github.openIssues(label)).find((each) => each.title === title);
  if (difference === undefined) {
    if (issue?.number === undefined) return "nothing";
    await github.comment(issue.number, [`There is no drift any more: ${run}`, ...leftOut(drift)].join("\n\n"));
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
    `AWS or the cluster differs from the state of \`${stack}\`: somebody or something made changes without this program.`,
    "",
    `- To keep the changes, put them into the configuration, and update the state: \`pulumi refresh --stack ${stack}\`.`,
    `- To revert the changes, run \`pulumi refresh --stack ${stack}\`, then \`make up STACK=${stack}\`.`,
    ...leftOut(drift).flatMap((note) => ["", note]),
    "",
    `Found by ${run}`,
    "",
    "",
  ].join("\n");
  return head + fencedBlock(difference, MAX_COMMENT_CHARACTERS - head.length);
}

function leftOut({ unreachable }: Drift): string[] {
  if (unreachable === undefined) return [];
  return [
    `> **Not checked: the objects in the cluster.** This runner can't reach ${unreachable}; a self-hosted runner in its network can.`,
  ];
}
