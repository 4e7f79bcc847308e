import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "semver";
import { type Condition, conditionOf } from "../conditions";
import { reasonOf } from "../diagnosis/attempts";
import { acceptanceOf, isAbout, notAccepted } from "./acceptance";
import type { UpdateApi } from "./cluster-api";
import type { ClusterState } from "./cluster-state";
import { isNewMinor, obstacles, openGates, reasonAndMessage } from "./gates";
import { causeOf, isLasting } from "./refusal-cause";
import { UpdateRefused } from "./refused";
import { type DesiredUpdate, desiredUpdate, type ReleaseRequest, type Remembered } from "./request";

/** How long the cluster may take, in seconds. */
export interface Patience {
  /**
   * For Upgradeable to follow what was prepared: the operator looks every two minutes (cluster-version-operator, `defaultUpgradeableCheckIntervals`,
   * release-4.19), and the credentials operator some time before that.
   */
  readonly upgradeable: number;
  /**
   * For the verdict on an image, which the operator may take four minutes to verify and to pull (`retrieveTimeout` in `pkg/cvo/updatepayload.go`), with
   * further attempts where the first one fails by something that may pass.
   */
  readonly acceptance: number;
  /** For a verdict that an earlier run has seen already, to become another one: the operator tries again at every look at the cluster. */
  readonly again: number;
  /** Between two looks. */
  readonly pause: number;
}

export const usualPatience: Patience = { upgradeable: 300, acceptance: 300, again: 60, pause: 2 };

export interface UpdateOptions {
  readonly patience?: Patience;
  /** Tells the user about the progress. */
  readonly say?: (text: string) => void;
}

/**
 * Brings a running cluster to the requested release: checks what is in the way, prepares what the release needs, sets the desired update, and waits
 * until the cluster has accepted it. The update itself goes on for an hour or more without anybody waiting.
 *
 * @param before what the configuration named last
 * @throws UpdateRefused before anything was changed; Error with ClusterVersion's own words when the cluster does not accept the update, which is then
 * taken back
 */
export async function updateRelease(
  api: UpdateApi,
  request: ReleaseRequest,
  before: Remembered,
  { patience = usualPatience, say = () => undefined }: UpdateOptions = {},
): Promise<void> {
  const state = await api.state();
  const desired = decide(state, request, before, say);
  if (desired === null) return withdraw(api, state);
  const waiting = desired ?? requestedBefore(state, request);
  if (waiting === undefined) return;
  try {
    if (desired !== undefined) {
      await prepare(api, state, request, say);
      if (!request.force && leadsToNewMinor(state, request)) await untilUpgradeable(api, request, patience, say);
      await api.setDesiredUpdate(desired);
      say(`The update to ${request.version} is requested. Waiting until the cluster accepts it.`);
    }
    await untilAccepted(api, waiting, state, { ...patience, ...(desired === undefined && { acceptance: patience.again }) }, say);
  } catch (error) {
    throw new Error(`${reasonOf(error)}\n\n${await takenBack(api, state)}`, { cause: error });
  }
  say(`The cluster has accepted ${request.version} and updates itself now: oc get clusterversion shows the progress.`);
}

/**
 * What the cluster has to be told, as {@link desiredUpdate} says it.
 *
 * @throws UpdateRefused with everything that is in the way
 */
export function decide(
  state: ClusterState,
  request: ReleaseRequest,
  before: Remembered,
  say: (text: string) => void,
): DesiredUpdate | null | undefined {
  const { clusterVersion } = state;
  const from = clusterVersion.status?.desired?.version ?? "an unnamed release";
  let desired: DesiredUpdate | null | undefined;
  const problems: string[] = [];
  try {
    desired = desiredUpdate(request, before, clusterVersion);
    if (desired === undefined || desired === null) return desired;
  } catch (error) {
    if (!(error instanceof UpdateRefused)) throw error;
    problems.push(...error.problems);
  }
  const { refusals, warnings } = obstacles(state, request);
  const overridden = [...(request.acceptRisks && request.force ? refusals : []), ...(request.acceptRisks ? warnings : [])];
  const remaining = [...refusals, ...warnings].filter((problem) => !overridden.includes(problem));
  if (problems.length + remaining.length > 0) {
    throw new UpdateRefused(from, request.version, [...problems, ...remaining], overrideOf(remaining, refusals));
  }
  for (const problem of overridden) say(`warning: acceptUpdateRisks overrides: ${problem}`);
  return desired;
}

/** Said once, below the problems. */
function overrideOf(remaining: readonly string[], refusals: readonly string[]): string {
  if (remaining.length === 0) return "";
  return remaining.some((problem) => refusals.includes(problem))
    ? "To update all the same, which may leave the cluster broken, set releaseImage, forceUpdate and acceptUpdateRisks."
    : "To update all the same, set acceptUpdateRisks to true.";
}

/** An update that an earlier run has requested in the same form, and that the cluster has not begun. */
function requestedBefore({ clusterVersion }: ClusterState, { version }: ReleaseRequest): DesiredUpdate | undefined {
  const { desiredUpdate: current } = clusterVersion.spec ?? {};
  if (current?.version !== version || clusterVersion.status?.desired?.version === version) return undefined;
  return { version, ...(current.image !== undefined && { image: current.image }), force: current.force ?? false };
}

function leadsToNewMinor({ clusterVersion }: ClusterState, { version }: ReleaseRequest): boolean {
  const from = parse(clusterVersion.status?.desired?.version);
  const to = parse(version);
  return from !== null && to !== null && isNewMinor(from, to);
}

/** Writes what the cluster and the new release's components look for, before the release is requested. */
async function prepare(api: UpdateApi, state: ClusterState, request: ReleaseRequest, say: (text: string) => void): Promise<void> {
  const { secrets, acknowledgedGates = [], version } = request;
  if (secrets !== undefined) {
    for (const secret of secrets) await api.writeSecret(secret);
    say(`The cluster has the secrets with the roles of the components of ${version}.`);
  }
  if (!leadsToNewMinor(state, request)) return;
  const acknowledged = openGates(state).filter((gate) => acknowledgedGates.includes(gate));
  if (acknowledged.length > 0) {
    await api.acknowledge(acknowledged);
    say(`Acknowledged: ${acknowledged.join(", ")}.`);
  }
  const minor = version.split(".").slice(0, 2).join(".");
  if (secrets !== undefined && state.credentials.preparedFor !== minor) await api.setPrepared(minor);
}

/** Takes back an update that has not begun, and with it the word that the credentials are prepared for it. */
async function withdraw(api: UpdateApi, { credentials }: ClusterState): Promise<void> {
  await api.setDesiredUpdate(null);
  if (credentials.preparedFor !== undefined) await api.setPrepared(undefined);
}

/**
 * Leaves the cluster without the request of a run that failed: what the engine remembers is the release before, so setting that back would change
 * nothing, and the cluster would go on trying.
 */
async function takenBack(api: UpdateApi, before: ClusterState): Promise<string> {
  try {
    await api.setDesiredUpdate(null);
    const { preparedFor } = (await api.state()).credentials;
    if (preparedFor !== before.credentials.preparedFor) await api.setPrepared(before.credentials.preparedFor);
    return "The request is taken back, and the cluster stays as it is. The next pulumi up requests the update again.";
  } catch (error) {
    return `The request could not be taken back (${reasonOf(error)}). The cluster goes on trying until you take it back: oc adm upgrade --clear.`;
  }
}

async function untilUpgradeable(
  api: UpdateApi,
  { version }: ReleaseRequest,
  patience: Patience,
  say: (text: string) => void,
): Promise<void> {
  let held: Condition | undefined;
  const isOpen = await until(patience.upgradeable, patience.pause, async () => {
    const { status } = await api.clusterVersion();
    const upgradeable = conditionOf(status?.conditions, "Upgradeable");
    if (upgradeable?.status !== "False") return true;
    if (held === undefined) say(`Waiting until the cluster sees that the update is prepared. It says: ${reasonAndMessage(upgradeable)}`);
    held = upgradeable;
    return undefined;
  });
  if (isOpen === true) return;
  throw new Error(
    `The update to ${version} is prepared, and after ${patience.upgradeable} seconds the cluster still holds updates to another minor version ` +
      `(Upgradeable=False): ${reasonAndMessage(held)}`,
  );
}

/**
 * Waits for the cluster's verdict. The cluster version operator tries a refused release again, so only a refusal with a lasting cause ends the wait; any
 * other counts at the end. So does one that was there before the request: it may be an old one, which the cluster takes back by itself.
 */
async function untilAccepted(
  api: UpdateApi,
  desired: DesiredUpdate,
  before: ClusterState,
  patience: Patience,
  say: (text: string) => void,
): Promise<void> {
  const old = acceptanceOf(before.clusterVersion, desired);
  let refusal = old.state === "refused" ? old.condition : undefined;
  let last: Condition | undefined;
  let event: string | undefined;
  const verdict = await until(patience.acceptance, patience.pause, async () => {
    const found = acceptanceOf(await api.clusterVersion(), desired);
    if (found.state === "accepted") return "accepted";
    last = found.condition;
    if (found.state === "pending") return undefined;
    if (refusal?.message !== found.condition.message && !isLasting(causeOf(found.condition)))
      say(`The cluster does not accept ${desired.version} yet, and tries again. It says: ${reasonAndMessage(found.condition)}`);
    refusal = found.condition;
    event = await retrievalEvent(api, desired, found.condition);
    const isOld = old.state === "refused" && found.condition.message === old.condition.message;
    return !isOld && isLasting(causeOf(found.condition, event)) ? "refused" : undefined;
  });
  if (verdict === "accepted") return;
  throw new Error(notAccepted(desired, refusal ?? last, patience.acceptance, event));
}

/** Seconds by which the time of an event may differ from that of the condition that is written after it. This project's choice. */
const EVENT_AGE = 10;

/** The message of the operator's newest event about a refusal, where the condition leaves the cause open. An API that does not give events is no obstacle. */
async function retrievalEvent(api: UpdateApi, desired: DesiredUpdate, condition: Condition): Promise<string | undefined> {
  if (causeOf(condition) !== "not verified") return undefined;
  const since = Date.parse(condition.lastTransitionTime ?? "") - EVENT_AGE * 1000;
  const events = await api.retrievalEvents().catch(() => []);
  // Events of an earlier request for the same release say nothing about this one.
  const recent = events.filter(({ message, time }) => isAbout(message, desired) && !(Date.parse(time) < since));
  return recent.sort((one, other) => Date.parse(one.time) - Date.parse(other.time)).at(-1)?.message;
}

/**
 * Looks until something is found. An API that does not answer in between is asked again.
 *
 * @returns undefined when nothing was found in time
 * @throws the last look's error, when that had one
 */
async function until<T>(seconds: number, pause: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const deadline = Date.now() + seconds * 1000; ;) {
    const isLast = Date.now() >= deadline;
    try {
      const found = await look();
      if (found !== undefined || isLast) return found;
    } catch (error) {
      if (isLast) throw error;
    }
    await sleep(pause * 1000);
  }
}
