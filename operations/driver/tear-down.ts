import { type OutputMap, StackNotFoundError } from "@pulumi/pulumi/automation";
import { sweepClients } from "../sweep/clients";
import { taggedArns } from "../sweep/tagged";
import { duration } from "./display";
import { nameOf } from "../urn";
import { Run, type RunOptions } from "./run";

export interface TearDownOptions extends RunOptions {
  /** The cluster's name or domain, as the user wrote it: what is about to be destroyed, so that it is the one that is meant. */
  readonly confirm: string;
}

/** The user did not confirm, or confirmed something else. */
export class NotConfirmed extends Error {}

interface State {
  readonly deployment: { readonly resources?: readonly { readonly urn: string; readonly type: string; readonly protect?: boolean }[] };
}

/**
 * Destroys a cluster: lifts the protection of what is protected, deletes everything that the stack made and, by the sweep on
 * the way, what the cluster made.
 *
 * @throws NotConfirmed with what is protected; Cancelled; Error in readable words.
 */
export async function tearDown(options: TearDownOptions): Promise<void> {
  const run = await open(options);
  const [clusterName, baseDomain, region] = await Promise.all(
    ["clusterName", "baseDomain", "aws:region"].map((key) => run.configured(key)),
  );
  const names = clusterName === undefined ? [options.stack] : [clusterName, `${clusterName}.${baseDomain ?? ""}`];
  const { deployment } = JSON.parse(await run.pulumi(["stack", "export"])) as State;
  const guarded = (deployment.resources ?? []).filter(({ protect }) => protect === true);
  if (!names.includes(options.confirm)) {
    const list = guarded.map(({ urn, type }) => `  ${nameOf(urn)} (${type})`);
    throw new NotConfirmed(
      [
        `destroying the stack ${options.stack} needs CONFIRM=${names.at(-1) ?? ""}${options.confirm === "" ? "" : `, not ${options.confirm}`}.`,
        ...(list.length > 0 ? ["It would lift the protection of:", ...list] : ["Nothing in it is protected."]),
      ].join("\n"),
    );
  }
  await run.afterRecovery(async () => {
    const outputs: Partial<OutputMap> = await run.stack.outputs();
    const infraId = outputs.infraId?.value as string | undefined;
    if (guarded.length > 0) {
      await run.pulumi(["state", "unprotect", "--all", "--yes"]);
      run.say(`protection is lifted of ${guarded.map(({ urn }) => nameOf(urn)).join(", ")}`);
    }
    await run.removeDuplicates();
    for (let repeat = true; repeat;)
      repeat = await run.operate(new Map(), (engine) => run.stack.destroy({ ...engine, suppressProgress: true }));
    run.say(`the stack is destroyed after ${duration(run.elapsedMs)}`);
    if (infraId !== undefined && region !== undefined) run.say(await whatIsLeft(infraId, region));
  });
}

async function open(options: TearDownOptions): Promise<Run> {
  try {
    return await Run.open(options, false);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    throw new Error(`there is no stack ${options.stack}: "pulumi stack ls" lists those that there are`);
  }
}

/** What AWS still names under the cluster's tag, in words. */
async function whatIsLeft(infraId: string, region: string): Promise<string> {
  const target = { infraId, region, vpcId: "", clusterDomain: "", zones: [] };
  const arns = await taggedArns({ target, clients: sweepClients(region) }, ["owned", "shared"]);
  return arns.length === 0
    ? `nothing in AWS carries the tag of ${infraId}`
    : [`AWS's list of tags, which lags behind deletions, still names under ${infraId}:`, ...arns.map((arn) => `  ${arn}`)].join("\n");
}
