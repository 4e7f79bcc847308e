import { type OutputMap, StackNotFoundError } from "@pulumi/pulumi/automation";
import { cleanupClients } from "../../steps/cleanup/clients";
import { taggedArns } from "../../steps/cleanup/tagged";
import { durationText } from "./display";
import { resourceName } from "../../lib/pulumi/urn";
import { deletedFileSystems, type DestroyedResource, lostFileSystem } from "./file-systems";
import { DriverRun, type DriverOptions } from "./run";

export interface TearDownOptions extends DriverOptions {
  /** The cluster's name or domain as the user typed it, to confirm that this is the cluster to destroy. */
  readonly confirm: string;
  /** Whether the cluster is brought up again after this. @default false */
  readonly rebuild?: boolean;
}

/** The user did not confirm, or confirmed another name. */
export class NotConfirmed extends Error {}

interface State {
  readonly deployment: { readonly resources?: readonly (DestroyedResource & { readonly urn: string; readonly protect?: boolean })[] };
}

/**
 * Destroys a cluster: removes the protection of protected resources and deletes all resources of the stack. The cleanup deletes the resources that the
 * cluster itself created.
 *
 * @throws NotConfirmed, with the protected resources, or if a rebuilt cluster would not use the file system that stays; Cancelled; Error with
 * a readable message.
 */
export async function tearDown(options: TearDownOptions): Promise<void> {
  const run = await openRun(options);
  const [clusterName, baseDomain, region, efsFileSystemId] = await Promise.all(
    ["clusterName", "baseDomain", "aws:region", "efsFileSystemId"].map((key) => run.configured(key)),
  );
  const names = clusterName === undefined ? [options.stack] : [clusterName, `${clusterName}.${baseDomain ?? ""}`];
  const { deployment } = JSON.parse(await run.pulumi(["stack", "export"])) as State;
  const { resources = [] } = deployment;
  const guarded = resources.filter(({ protect }) => protect === true);
  if (!names.includes(options.confirm)) {
    const list = guarded.map(({ urn, type }) => `  ${resourceName(urn)} (${type})`);
    throw new NotConfirmed(
      [
        `destroying the stack ${options.stack} needs CONFIRM=${names.at(-1) ?? ""}${options.confirm === "" ? "" : `, not ${options.confirm}`}.`,
        ...(list.length > 0 ? ["It would remove the protection of:", ...list] : ["No resource is protected."]),
        ...deletedFileSystems(resources).map((id) => `It would delete the file system ${id} with all data.`),
      ].join("\n"),
    );
  }
  const lost = options.rebuild === true ? lostFileSystem(resources, { stack: options.stack, efsFileSystemId }) : undefined;
  if (lost !== undefined) throw new NotConfirmed(lost);
  await run.afterRecovery(async () => {
    const outputs: Partial<OutputMap> = await run.stack.outputs();
    const infraId = outputs.infraId?.value as string | undefined;
    if (guarded.length > 0) {
      await run.pulumi(["state", "unprotect", "--all", "--yes"]);
      run.say(`the protection is removed from ${guarded.map(({ urn }) => resourceName(urn)).join(", ")}`);
    }
    await run.removeDuplicates();
    for (let repeat = true; repeat;)
      repeat = await run.operate(new Map(), (engine) => run.stack.destroy({ ...engine, suppressProgress: true }));
    run.say(`the stack was destroyed in ${durationText(run.elapsedMs)}`);
    if (infraId !== undefined && region !== undefined) run.say(await whatIsLeft(infraId, region));
  });
}

async function openRun(options: TearDownOptions): Promise<DriverRun> {
  try {
    return await DriverRun.open(options, false);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    throw new Error(`the stack ${options.stack} does not exist: "pulumi stack ls" lists the stacks`);
  }
}

/** A message that lists the resources that AWS still reports under the cluster's tag. */
async function whatIsLeft(infraId: string, region: string): Promise<string> {
  const target = { infraId, region, vpcId: "", clusterDomain: "", zones: [] };
  const arns = await taggedArns({ target, clients: cleanupClients(region) }, ["owned", "shared"]);
  return arns.length === 0
    ? `no resource in AWS has the tag of ${infraId}`
    : [
        `AWS still lists these resources with the tag of ${infraId} (the list lags behind deletions):`,
        ...arns.map((arn) => `  ${arn}`),
      ].join("\n");
}
