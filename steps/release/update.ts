import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "semver";
import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";
import { reasonOf } from "../../lib/reason";
import { acceptanceOf, isAbout, notAcceptedMessage } from "./acceptance";
import type { UpdateApi } from "./cluster-api";
import type { ClusterState } from "./cluster-state";
import { isNewMinor, obstacles, openGates, reasonAndMessage } from "./gates";
import { causeOf, isLasting } from "./refusal-cause";
import { UpdateRefused } from "./refused";
import { type DesiredUpdate, desiredUpdate, type ReleaseRequest, type StoredRelease } from "./request";

/** Time limits in seconds. */
export interface UpdateTimeouts {
  /**
   * Time limit until Upgradeable reflects the preparations: the cluster version operator checks every two minutes (`defaultUpgradeableCheckIntervals`,
   * release-4.19), after the credentials operator has reacted.
   */
  readonly upgradeable: number;
  /**
   * Time limit until the image is accepted or refused. The operator may take four minutes to verify and pull it (`retrieveTimeout` in
   * `pkg/cvo/updatepayload.go`), and repeats attempts that failed for a temporary reason.
   */
  readonly acceptance: number;
  /** Time limit if an earlier run has already seen the refusal: the operator checks the release again at each sync, so the refusal may end. */
  readonly knownRefusal: number;
  /** Time between two checks. */
  readonly pause: number;
}

const usualTimeouts: UpdateTimeouts = { upgradeable: 300, acceptance: 300, knownRefusal: 60, pause: 2 };

export interface UpdateOptions {
  readonly timeouts?: UpdateTimeouts;
  /** Shows progress messages to the user. */
  readonly say?: (text: string) => void;
}

/**
 * Updates a running cluster to the requested release: checks for obstacles, prepares the cluster, sets the desired update, and waits until the cluster has
 * accepted it. Does not wait for the update itself, which takes an hour or more.
 *
 * @param before the last configured release
 * @throws UpdateRefused before anything was changed; Error with ClusterVersion's message if the cluster does not accept the update. Then the request is
 * withdrawn
 */
export async function updateRelease(
  api: UpdateApi,
  request: ReleaseRequest,
  before: StoredRelease,
  { timeouts = usualTimeouts, say = () => undefined }: UpdateOptions = {},
): Promise<void> {
  const state = await api.state();
  const desired = checkedDesiredUpdate(state, request, before, say);
  if (desired === null) return withdraw(api, state);
  const waiting = desired ?? requestedBefore(state, request);
  if (waiting === undefined) return;
  try {
    if (desired !== undefined) {
      await prepare(api, state, request, say);
      if (!request.force && leadsToNewMinor(state, request)) await untilUpgradeable(api, request, timeouts, say);
      await api.setDesiredUpdate(desired);
      say(`The update to ${request.version} was requested. Waiting until the cluster accepts it.`);
    }
    await untilAccepted(api, waiting, state, { ...timeouts, ...(desired === undefined && { acceptance: timeouts.knownRefusal }) }, say);
  } catch (error) {
    throw new Error(`${reasonOf(error)}\n\n${await withdrawAfterFailure(api, state)}`, { cause: error });
  }
  say(`The cluster has accepted ${request.version} and is updating now: oc get clusterversion shows the progress.`);
}

/**
 * The value to set as the desired update, as in {@link desiredUpdate}, after checking for obstacles.
 *
 * @throws UpdateRefused with all obstacles
 */
export function checkedDesiredUpdate(
  state: ClusterState,
  request: ReleaseRequest,
  before: StoredRelease,
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

/** The text that says how to update in spite of the problems; shown once, below the problems. */
function overrideOf(remaining: readonly string[], refusals: readonly string[]): string {
  if (remaining.length === 0) return "";
  return remaining.some((problem) => refusals.includes(problem))
    ? "To update anyway, which may leave the cluster broken, set releaseImage, forceUpdate and acceptUpdateRisks."
    : "To update anyway, set acceptUpdateRisks to true.";
}

/** The desired update, if an earlier run requested this version and the cluster has not begun the update. */
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

/** Writes the objects that the cluster and the new release's components need, before the release is requested. */
async function prepare(api: UpdateApi, state: ClusterState, request: ReleaseRequest, say: (text: string) => void): Promise<void> {
  const { secrets, acknowledgedGates = [], version } = request;
  if (secrets !== undefined) {
    for (const secret of secrets) await api.writeSecret(secret);
    say(`The secrets with the roles of the components of ${version} are in the cluster.`);
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

/** Withdraws an update that has not begun, and removes the mark that the credentials are prepared for it. */
async function withdraw(api: UpdateApi, { credentials }: ClusterState): Promise<void> {
  await api.setDesiredUpdate(null);
  if (credentials.preparedFor !== undefined) await api.setPrepared(undefined);
}

/**
 * Withdraws the request of a failed run. Pulumi's state still has the previous release, so setting the configuration back would run no command, and the
 * cluster would go on trying.
 *
 * @returns the message for the user.
 */
async function withdrawAfterFailure(api: UpdateApi, before: ClusterState): Promise<string> {
  try {
    await api.setDesiredUpdate(null);
    const { preparedFor } = (await api.state()).credentials;
    if (preparedFor !== before.credentials.preparedFor) await api.setPrepared(before.credentials.preparedFor);
    return "The request was withdrawn, and the cluster stays as it is. The next pulumi up requests the update again.";
  } catch (error) {
    return `The request could not be withdrawn (${reasonOf(error)}). The cluster goes on trying until you withdraw it: oc adm upgrade --clear.`;
  }
}

async function untilUpgradeable(
  api: UpdateApi,
  { version }: ReleaseRequest,
  timeouts: UpdateTimeouts,
  say: (text: string) => void,
): Promise<void> {
  let held: Condition | undefined;
  const isOpen = await until(timeouts.upgradeable, timeouts.pause, async () => {
    const { status } = await api.clusterVersion();
    const upgradeable = conditionOf(status?.conditions, "Upgradeable");
    if (upgradeable?.status !== "False") return true;
    if (held === undefined)
      say(`Waiting until the cluster notices that the update is prepared. Its current message: ${reasonAndMessage(upgradeable)}`);
    held = upgradeable;
    return undefined;
  });
  if (isOpen === true) return;
  throw new Error(
    `The update to ${version} is prepared, but after ${timeouts.upgradeable} seconds the cluster still blocks updates to another minor version ` +
      `(Upgradeable=False): ${reasonAndMessage(held)}`,
  );
}

/**
 * Waits until the cluster accepts or refuses the update. The cluster version operator tries a refused release again, so only a refusal whose cause
 * does not go away by itself (`isLasting`) ends the wait early. Any other refusal is reported only when the time is over. A refusal that existed
 * before the request does not end the wait either, because the operator may replace it.
 */
async function untilAccepted(
  api: UpdateApi,
  desired: DesiredUpdate,
  before: ClusterState,
  timeouts: UpdateTimeouts,
  say: (text: string) => void,
): Promise<void> {
  const old = acceptanceOf(before.clusterVersion, desired);
  let refusal = old.state === "refused" ? old.condition : undefined;
  let last: Condition | undefined;
  let event: string | undefined;
  const result = await until(timeouts.acceptance, timeouts.pause, async () => {
    const found = acceptanceOf(await api.clusterVersion(), desired);
    if (found.state === "accepted") return "accepted";
    last = found.condition;
    if (found.state === "pending") return undefined;
    if (refusal?.message !== found.condition.message && !isLasting(causeOf(found.condition)))
      say(`The cluster does not accept ${desired.version} yet, and tries again. Its message: ${reasonAndMessage(found.condition)}`);
    refusal = found.condition;
    event = await retrievalEvent(api, desired, found.condition);
    const isOld = old.state === "refused" && found.condition.message === old.condition.message;
    return !isOld && isLasting(causeOf(found.condition, event)) ? "refused" : undefined;
  });
  if (result === "accepted") return;
  throw new Error(notAcceptedMessage(desired, refusal ?? last, timeouts.acceptance, event));
}

/** Seconds by which an event may be older than the condition that is written after it. This project's choice. */
const EVENT_AGE_SECONDS = 10;

/** The message of the operator's newest event about a refusal, if the condition alone does not show the cause. Undefined if the API returns no events. */
async function retrievalEvent(api: UpdateApi, desired: DesiredUpdate, condition: Condition): Promise<string | undefined> {
  if (causeOf(condition) !== "not verified") return undefined;
  const since = Date.parse(condition.lastTransitionTime ?? "") - EVENT_AGE_SECONDS * 1000;
  const events = await api.retrievalEvents().catch(() => []);
  // Events of an earlier request for the same release are ignored.
  const recent = events.filter(({ message, time }) => isAbout(message, desired) && !(Date.parse(time) < since));
  return recent.sort((one, other) => Date.parse(one.time) - Date.parse(other.time)).at(-1)?.message;
}

/**
 * Repeats `look` until it finds something. Errors in between are ignored.
 *
 * @returns undefined if nothing was found in time
 * @throws the error of the last attempt, if the last attempt failed
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
