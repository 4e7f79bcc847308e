import { type Condition, conditionOf } from "../conditions";
import { UpdateRefused } from "./refused";

/** The release that a cluster is to have. */
export interface ReleaseRequest {
  readonly version: string;
  /** Where it comes from when it is forced. */
  readonly image?: string;
  /** Whether the cluster installs it although it is not offered, and without looking at its signature. */
  readonly force: boolean;
  /** Whether advice against the update is overridden and, together with `force`, what the cluster holds updates for. */
  readonly acceptRisks: boolean;
  /** Gates of the running release that the administrator acknowledges. */
  readonly acknowledgedGates?: readonly string[];
  /** Secrets with the roles of the release's components: present where the roles were made for this very release (credentials mode Manual). */
  readonly secrets?: readonly RoleSecret[];
}

/** The secret in which a component finds its role; nothing in it is secret. */
export interface RoleSecret {
  readonly namespace: string;
  readonly name: string;
  /** An AWS configuration file. */
  readonly credentials: string;
}

/** What the configuration named last. What was refused is not in it, so that what only helps to get an update accepted needn't be. */
export type Remembered = Pick<ReleaseRequest, "version" | "image" | "force">;

interface Release {
  readonly version?: string;
  readonly image?: string;
}

/** What counts of `ClusterVersion version` (openshift/api, `config/v1/types_cluster_version.go`). */
export interface ClusterVersion {
  readonly spec?: {
    readonly channel?: string;
    readonly desiredUpdate?: Release & { readonly force?: boolean; readonly architecture?: string };
    readonly overrides?: readonly {
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
      readonly unmanaged?: boolean;
    }[];
  };
  readonly status?: {
    readonly desired?: Release;
    /** Newest first. */
    readonly history?: readonly (Release & { readonly state?: string })[];
    readonly conditions?: readonly Condition[];
    readonly availableUpdates?: readonly Release[] | null;
    readonly conditionalUpdates?: readonly { readonly release: Release; readonly conditions?: readonly Condition[] }[] | null;
  };
}

/** `spec.desiredUpdate`, whole: the cluster takes the image, and holds the version against it. */
export interface DesiredUpdate {
  readonly version: string;
  readonly image?: string;
  readonly force: boolean;
}

/**
 * What a cluster has to be told to become a release: undefined where it is that already, or on the way, null where it is that and still wants another.
 *
 * @throws UpdateRefused that says what it is offered, when it isn't offered that, or why the update is advised against
 */
export function desiredUpdate(release: ReleaseRequest, before: Remembered, cluster: ClusterVersion): DesiredUpdate | null | undefined {
  const { version } = release;
  const { spec, status } = cluster;
  const current = spec?.desiredUpdate;
  // Others may have updated the cluster since it became this release: what else is asked of the release comes too late then.
  if (version === before.version && current?.version !== version) return undefined;
  if (status?.desired?.version === version) return wantsAnother(cluster, version) ? null : undefined;
  const wanted = wantedUpdate(release, cluster);
  const isWanted =
    current?.version === wanted.version &&
    (current.image ?? "") === (wanted.image ?? "") &&
    (current.force ?? false) === wanted.force &&
    (current.architecture ?? "") === "";
  return isWanted ? undefined : wanted;
}

/** Whether a cluster is told to become something else than a release that it is. */
function wantsAnother({ spec, status }: ClusterVersion, version: string): boolean {
  const { version: wanted = "", image = "" } = spec?.desiredUpdate ?? {};
  return wanted === "" ? image !== "" && image !== status?.desired?.image : wanted !== version;
}

function wantedUpdate({ version, image, force, acceptRisks }: ReleaseRequest, { spec, status }: ClusterVersion): DesiredUpdate {
  const available = status?.availableUpdates ?? [];
  const conditional = status?.conditionalUpdates ?? [];
  const recommended = available.find((each) => each.version === version);
  const risky = recommended === undefined ? conditional.find((each) => each.release.version === version) : undefined;
  const recommendation = conditionOf(risky?.conditions, "Recommended");
  const from = status?.desired?.version ?? "a release that it doesn't name";
  if (risky !== undefined && recommendation?.status !== "True" && !acceptRisks) {
    throw new UpdateRefused(from, version, [
      `The cluster is offered ${version}, but the update isn't recommended for it: ${why(recommendation)}. ` +
        `Set release to another one or back, or acceptUpdateRisks to true.`,
    ]);
  }
  if (force && image !== undefined) return { version, image, force };
  const offered = recommended ?? risky?.release;
  if (offered !== undefined) return { version, ...(offered.image !== undefined && { image: offered.image }), force: false };
  const retrieved = conditionOf(status?.conditions, "RetrievedUpdates");
  const reason =
    retrieved?.status === "False" && retrieved.message !== undefined
      ? ` It could not ask for updates: ${retrieved.message.replace(/\.$/, "")}.`
      : "";
  const channel = spec?.channel ?? "";
  throw new UpdateRefused(from, version, [
    `The cluster runs ${from} and isn't offered ${version} ` +
      `(${channel === "" ? "it has no channel" : `channel ${channel}`}).${reason} ` +
      `It is offered: ${listed(available)}; under conditions: ${listed(conditional.map((each) => each.release))}. ` +
      `Set release to one of these or back, set updateChannel and bring the stack up before, or set releaseImage and forceUpdate.`,
  ]);
}

function why({ reason = "", message = "" }: Partial<Condition> = {}): string {
  return [reason, message.trim().replace(/\.$/, "")].filter((text) => text !== "").join(": ") || "the cluster doesn't say why";
}

function listed(releases: readonly Release[]): string {
  return releases.length === 0 ? "nothing" : releases.map(({ version }) => version).join(", ");
}
