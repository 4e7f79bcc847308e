import { type OutputMap, StackNotFoundError } from "@pulumi/pulumi/automation";
import { reasonOf } from "../../lib/reason";
import { cleanupClients } from "../../steps/cleanup/clients";
import { taggedArns } from "../../steps/cleanup/tagged";
import { durationText } from "./display";
import { resourceName } from "../../lib/pulumi/urn";
import { removeKeptData } from "./data-removal";
import { deletedFileSystems, type DestroyedResource, lostFileSystem } from "./file-systems";
import { contextOf, type DataOwner, dataLine, dataOf, type KeptData } from "./kept-data";
import { DriverRun, type DriverOptions } from "./run";

export interface TearDownOptions extends DriverOptions {
  /** The cluster's name or domain as the user typed it, to confirm that this is the cluster to destroy. */
  readonly confirm: string;
  /** Whether the cluster is brought up again after this. @default false */
  readonly rebuild?: boolean;
  /** Whether the data that would stay is deleted, too. @default false */
  readonly deleteBackups?: boolean;
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
  const clusterDomain = clusterName === undefined ? undefined : `${clusterName}.${baseDomain ?? ""}`;
  const names = clusterName === undefined || clusterDomain === undefined ? [options.stack] : [clusterName, clusterDomain];
  const { deployment } = JSON.parse(await run.pulumi(["stack", "export"])) as State;
  const { resources = [] } = deployment;
  const guarded = resources.filter(({ protect }) => protect === true);
  const infraId = (await outputsOf(run)).infraId?.value as string | undefined;
  const owner =
    infraId === undefined || region === undefined || clusterDomain === undefined ? undefined : { infraId, region, clusterDomain };
  if (!names.includes(options.confirm)) {
    const list = guarded.map(({ urn, type }) => `  ${resourceName(urn)} (${type})`);
    throw new NotConfirmed(
      [
        `destroying the stack ${options.stack} needs CONFIRM=${names.at(-1) ?? ""}${options.confirm === "" ? "" : `, not ${options.confirm}`}.`,
        ...(list.length > 0 ? ["It would remove the protection of:", ...list] : ["No resource is protected."]),
        ...deletedFileSystems(resources).map((id) => `It would delete the file system ${id} with all data.`),
        ...(owner === undefined ? [] : await whatWouldStay(owner, resources, options.deleteBackups === true)),
      ].join("\n"),
    );
  }
  const lost = options.rebuild === true ? lostFileSystem(resources, { stack: options.stack, efsFileSystemId }) : undefined;
  if (lost !== undefined) throw new NotConfirmed(lost);
  await run.afterRecovery(async () => {
    if (guarded.length > 0) {
      await run.pulumi(["state", "unprotect", "--all", "--yes"]);
      run.say(`the protection is removed from ${guarded.map(({ urn }) => resourceName(urn)).join(", ")}`);
    }
    await run.removeDuplicates();
    for (let repeat = true; repeat;)
      repeat = await run.operate(new Map(), (engine) => run.stack.destroy({ ...engine, suppressProgress: true }));
    run.say(`the stack was destroyed in ${durationText(run.elapsedMs)}`);
    if (owner === undefined) {
      if (options.deleteBackups === true)
        run.say(`the state has no infra ID, so it is unknown which buckets and file systems belonged to the cluster: nothing was deleted`);
      return;
    }
    const kept = await handleData(owner, options.deleteBackups === true, (text) => {
      run.say(text);
    });
    run.say(await whatIsLeft(owner, kept));
  });
}

async function outputsOf(run: DriverRun): Promise<Partial<OutputMap>> {
  return run.stack.outputs();
}

/** Lines about the data that a destroy keeps or deletes. An account that can't be read does not hide the other reasons. */
async function whatWouldStay(
  owner: DataOwner,
  resources: readonly DestroyedResource[],
  deleteBackups: boolean,
): Promise<readonly string[]> {
  try {
    const deleted = new Set(resources.filter(({ retainOnDelete }) => retainOnDelete !== true).map(({ id }) => id));
    const data = (await dataOf(owner, cleanupClients(owner.region))).filter(({ id }) => !deleted.has(id));
    return data.length === 0 ? [] : [deleteBackups ? "It would delete with all data:" : KEPT_TITLE, ...linesOf(data)];
  } catch (error) {
    return [`Which buckets and file systems would stay could not be read: ${reasonOf(error)}`];
  }
}

const KEPT_TITLE = "These would stay in AWS with their data (BACKUPS=delete deletes them, too):";

function linesOf(data: readonly KeptData[]): readonly string[] {
  return data.map((each) => `  ${dataLine(each, new Date())}`);
}

/** Lists the data that the destroyed stack has left in AWS, or deletes it. Returns what stays. */
async function handleData(owner: DataOwner, deleteBackups: boolean, say: (text: string) => void): Promise<readonly KeptData[]> {
  const clients = cleanupClients(owner.region);
  const data = await dataOf(owner, clients);
  if (deleteBackups) {
    await removeKeptData(data, owner, clients, say).catch(async (error: unknown) => {
      const left = linesOf(await dataOf(owner, clients));
      throw new Error(
        [`the stack is destroyed, but not all of its data: ${reasonOf(error)}`, "Delete these in AWS yourself:", ...left].join("\n"),
        { cause: error },
      );
    });
    return [];
  }
  if (data.length > 0) say(["these stay in AWS with their data, and cost money until you delete them:", ...linesOf(data)].join("\n"));
  return data;
}

async function openRun(options: TearDownOptions): Promise<DriverRun> {
  try {
    return await DriverRun.open(options, false);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    throw new Error(`the stack ${options.stack} does not exist: "pulumi stack ls" lists the stacks`);
  }
}

/** A message that lists the resources that AWS still reports under the cluster's tag, except the data that stays. */
async function whatIsLeft(owner: DataOwner, kept: readonly KeptData[]): Promise<string> {
  const { infraId, region } = owner;
  const all = await taggedArns(contextOf(owner, cleanupClients(region)), ["owned", "shared"]);
  const arns = all.filter((arn) => !kept.some(({ id }) => arn.endsWith(`:${id}`) || arn.endsWith(`/${id}`)));
  return arns.length === 0
    ? `no ${kept.length > 0 ? "other " : ""}resource in AWS has the tag of ${infraId}`
    : [
        `AWS still lists these resources with the tag of ${infraId} (the list lags behind deletions):`,
        ...arns.map((arn) => `  ${arn}`),
      ].join("\n");
}
