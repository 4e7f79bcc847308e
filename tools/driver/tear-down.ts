import { type OutputMap, StackNotFoundError } from "@pulumi/pulumi/automation";
import { reasonOf } from "../../lib/reason";
import { cleanupClients } from "../../steps/cleanup/clients";
import { durationText } from "./display";
import { resourceName } from "../../lib/pulumi/urn";
import { dataOfDomain, deleteData, sayKeptData, leftoversMessage, linesAboutData } from "./destroyed-data";
import { deletedFileSystems, type DestroyedResource, lostFileSystem } from "./file-systems";
import type { DataOwner } from "./kept-data";
import { DriverRun, type DriverOptions } from "./run";
import { refuseOtherAccount } from "./stack-account";

export interface TearDownOptions extends DriverOptions {
  /** The cluster's name or domain as the user typed it, to confirm that this is the cluster to destroy. */
  readonly confirm: string;
  /** Whether the cluster is brought up again after the destroy. @default false */
  readonly rebuild?: boolean;
  /** Whether the data that normally stays in AWS is deleted, too. @default false */
  readonly deleteBackups?: boolean;
  /** The infra ID as the user typed it. It is needed if the state does not contain the infra ID any more. */
  readonly infraId?: string;
}

/** Thrown if the user did not confirm the destroy, or typed another cluster's name. */
export class NotConfirmed extends Error {}

interface State {
  readonly deployment: { readonly resources?: readonly (DestroyedResource & { readonly urn: string; readonly protect?: boolean })[] };
}

/** The stack to destroy, and the cluster that the stack created. */
interface DestroyedStack {
  readonly resources: NonNullable<State["deployment"]["resources"]>;
  readonly state: State;
  /** Names that confirm the destroy. */
  readonly names: readonly string[];
  readonly domain: string | undefined;
  readonly region: string | undefined;
  readonly efsFileSystemId: string | undefined;
  /** The cluster whose data is listed; or a line that says which information is missing to identify the cluster. */
  readonly owner: DataOwner | { readonly missing: string };
  /** Whether the state has the infra ID. */
  readonly known: boolean;
}

/**
 * Destroys a cluster: removes the protection of protected resources and deletes all resources of the stack. The cleanup deletes the resources that the
 * cluster itself created.
 *
 * @throws NotConfirmed, with the protected resources, or if a rebuilt cluster would not use the file system that stays. CancelledByUser.
 * Error with a readable message; if the user wants to delete the data, but the cluster's infra ID is unknown, it is thrown before anything
 * is changed.
 */
export async function tearDown(options: TearDownOptions): Promise<void> {
  const run = await openRun(options);
  const stack = await readStack(run, options);
  const { owner, resources, names } = stack;
  const deleteBackups = options.deleteBackups === true;
  const guarded = resources.filter(({ protect }) => protect === true);
  if (!names.includes(options.confirm)) throw new NotConfirmed((await tearDownPlan(stack, options)).join("\n"));
  const lost =
    options.rebuild === true ? lostFileSystem(resources, { stack: options.stack, efsFileSystemId: stack.efsFileSystemId }) : undefined;
  if (lost !== undefined) throw new NotConfirmed(lost);
  if (deleteBackups && "missing" in owner)
    throw new Error([`Nothing was changed. ${owner.missing}`, ...(await candidates(stack))].join("\n"));
  await run.afterRecovery(async () => {
    if (guarded.length > 0) {
      await run.pulumi(["state", "unprotect", "--all", "--yes"]);
      run.say(`the protection is removed from ${guarded.map(({ urn }) => resourceName(urn)).join(", ")}`);
    }
    await run.removeDuplicates();
    for (let repeat = true; repeat;)
      repeat = await run.operate(new Map(), (engine) => run.stack.destroy({ ...engine, suppressProgress: true }));
    run.say(`the stack was destroyed in ${durationText(run.elapsedMs)}`);
    if ("missing" in owner) {
      const found = await candidates(stack);
      if (found.length > 0) run.say([owner.missing, ...found].join("\n"));
      return;
    }
    const repeat = `make destroy STACK=${options.stack} CONFIRM=${options.confirm} BACKUPS=delete INFRA_ID=${owner.infraId}`;
    const kept = deleteBackups ? await deleteData(owner, { run, known: stack.known, repeat }) : await sayKeptData(owner, run);
    run.say(await leftoversMessage(owner, kept));
  });
}

async function readStack(run: DriverRun, { stack, infraId: typed }: TearDownOptions): Promise<DestroyedStack> {
  const [clusterName, baseDomain, configured, efsFileSystemId] = await Promise.all(
    ["clusterName", "baseDomain", "aws:region", "efsFileSystemId"].map((key) => run.configured(key)),
  );
  const region = configured ?? process.env.AWS_REGION;
  const domain = clusterName === undefined ? undefined : `${clusterName}.${baseDomain ?? ""}`;
  const state = JSON.parse(await run.pulumi(["stack", "export"])) as State;
  const outputs: Partial<OutputMap> = await run.stack.outputs();
  const infraId = outputs.infraId?.value as string | undefined;
  if (typed !== undefined && infraId !== undefined && typed !== infraId)
    throw new Error(`INFRA_ID=${typed} is wrong: the cluster of the stack ${stack} has the infra ID ${infraId}. Leave INFRA_ID out.`);
  const common = { resources: state.deployment.resources ?? [], state, domain, region, efsFileSystemId, known: infraId !== undefined };
  const names = clusterName === undefined || domain === undefined ? [stack] : [clusterName, domain];
  return { ...common, names, owner: ownerOf({ infraId: infraId ?? typed, region, domain, efsFileSystemId }) };
}

function ownerOf(
  found: Pick<DestroyedStack, "region" | "domain" | "efsFileSystemId"> & { readonly infraId: string | undefined },
): DestroyedStack["owner"] {
  const { infraId, region, domain: clusterDomain, efsFileSystemId: namedFileSystem } = found;
  const unknown = "so it is unknown which buckets and file systems belong to the cluster.";
  if (region === undefined) return { missing: `The configuration has no aws:region, ${unknown}` };
  if (clusterDomain === undefined) return { missing: `The configuration has no clusterName, ${unknown}` };
  if (infraId === undefined)
    return { missing: `The state has no infra ID, ${unknown} To delete them, add BACKUPS=delete INFRA_ID=<the cluster's infra ID>.` };
  return { infraId, region, clusterDomain, namedFileSystem };
}

/** Lines that list the effects of a confirmed destroy. */
async function tearDownPlan(stack: DestroyedStack, options: TearDownOptions): Promise<readonly string[]> {
  const { resources, names, owner } = stack;
  const list = resources.flatMap(({ urn, type, protect }) => (protect === true ? [`  ${resourceName(urn)} (${type})`] : []));
  const lines = [
    `destroying the stack ${options.stack} needs CONFIRM=${names.at(-1) ?? ""}${options.confirm === "" ? "" : `, not ${options.confirm}`}.`,
    ...(list.length > 0 ? ["It would remove the protection of:", ...list] : ["No resource is protected."]),
  ];
  if ("missing" in owner) return [...lines, ...deletedLines(resources), owner.missing, ...(await candidates(stack))];
  try {
    await refuseOtherAccount(stack.state, owner.region);
    return [...lines, ...(await linesAboutData(owner, resources, options.deleteBackups === true))];
  } catch (error) {
    return [...lines, ...deletedLines(resources), `Which buckets and file systems would stay could not be read: ${reasonOf(error)}`];
  }
}

/** Lines about the file systems in the state that a destroy deletes, for an account that can't be read. */
function deletedLines(resources: readonly DestroyedResource[]): readonly string[] {
  return deletedFileSystems(resources).map((id) => `It would delete the file system ${id} with all data.`);
}

/** Lines about data of clusters with the stack's domain, if the infra ID is unknown. */
async function candidates({ domain, region }: DestroyedStack): Promise<readonly string[]> {
  if (domain === undefined || region === undefined) return [];
  try {
    return await dataOfDomain(domain, cleanupClients(region));
  } catch (error) {
    return [`Which data AWS has of ${domain} could not be read: ${reasonOf(error)}`];
  }
}

async function openRun(options: TearDownOptions): Promise<DriverRun> {
  try {
    return await DriverRun.open(options, false);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    throw new Error(`the stack ${options.stack} does not exist: "pulumi stack ls" lists the stacks`);
  }
}
