import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";
import { UpdateRefused } from "./refused";

/** The configured release of a cluster. */
export interface ReleaseRequest {
  readonly version: string;
  /** Release image to use for a forced update. */
  readonly image?: string;
  /** Whether the cluster installs the release even if it is not offered, and without checking its signature. */
  readonly force: boolean;
  /** Whether to ignore warnings about the update and, together with `force`, also the cluster's reasons to block it. */
  readonly acceptRisks: boolean;
  /** Gates of the running release that the administrator acknowledges. */
  readonly acknowledgedGates?: readonly string[];
  /** Secrets with the roles of the release's components; undefined unless the roles were created for this release (credentials mode Manual). */
  readonly secrets?: readonly RoleSecret[];
}

/** The Kubernetes Secret from which a component reads its role. The Secret's content is not confidential. */
export interface RoleSecret {
  readonly namespace: string;
  readonly name: string;
  /** An AWS configuration file. */
  readonly credentials: string;
}

/**
 * The stored fields of the last configured release. Only an accepted release is stored, so the settings that help it to be accepted (such as
 * `acceptRisks`) are left out.
 */
export type StoredRelease = Pick<ReleaseRequest, "version" | "image" | "force">;

interface Release {
  readonly version?: string;
  readonly image?: string;
}

/** The part of `ClusterVersion version` that is used (openshift/api, `config/v1/types_cluster_version.go`). */
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

/**
 * The update to request: the fields of `spec.desiredUpdate` that the program sets. It clears `architecture`, and `image` if there is none. The
 * cluster uses the image, and checks that the image has this version.
 */
export interface DesiredUpdate {
  readonly version: string;
  readonly image?: string;
  readonly force: boolean;
}

/**
 * The value to set as the cluster's desired update: undefined if the cluster has the release or is being updated to it already; null (clear it) if the
 * cluster has the release, but its desired update is a different release.
 *
 * @throws UpdateRefused, with the offered releases if this one isn't offered, or with the reason if the update isn't recommended
 */
export function desiredUpdate(release: ReleaseRequest, before: StoredRelease, cluster: ClusterVersion): DesiredUpdate | null | undefined {
  const { version } = release;
  const { spec, status } = cluster;
  const current = spec?.desiredUpdate;
  // The configuration names the same version as in the last update of the stack, and the cluster's desired update is not this version: somebody may
  // have updated the cluster since then. So a change of image, force or acceptRisks requests nothing.
  if (version === before.version && current?.version !== version) return undefined;
  if (status?.desired?.version === version) return desiredUpdateDiffers(cluster, version) ? null : undefined;
  const wanted = wantedUpdate(release, cluster);
  const isWanted =
    current?.version === wanted.version &&
    (current.image ?? "") === (wanted.image ?? "") &&
    (current.force ?? false) === wanted.force &&
    (current.architecture ?? "") === "";
  return isWanted ? undefined : wanted;
}

/** Whether the cluster's desired update is a release other than `version`, the release that the cluster has. */
function desiredUpdateDiffers({ spec, status }: ClusterVersion, version: string): boolean {
  const { version: wanted = "", image = "" } = spec?.desiredUpdate ?? {};
  return wanted === "" ? image !== "" && image !== status?.desired?.image : wanted !== version;
}

function wantedUpdate({ version, image, force, acceptRisks }: ReleaseRequest, { spec, status }: ClusterVersion): DesiredUpdate {
  const available = status?.availableUpdates ?? [];
  const conditional = status?.conditionalUpdates ?? [];
  const recommended = available.find((each) => each.version === version);
  const risky = recommended === undefined ? conditional.find((each) => each.release.version === version) : undefined;
  const recommendation = conditionOf(risky?.conditions, "Recommended");
  const from = status?.desired?.version ?? "an unknown release";
  if (risky !== undefined && recommendation?.status !== "True" && !acceptRisks) {
    throw new UpdateRefused(from, version, [
      `The cluster is offered ${version}, but the update isn't recommended for it: ${why(recommendation)}. ` +
        `Set release to another version or back to the current one, or set acceptUpdateRisks to true.`,
    ]);
  }
  if (force && image !== undefined) return { version, image, force };
  const offered = recommended ?? risky?.release;
  if (offered !== undefined) return { version, ...(offered.image !== undefined && { image: offered.image }), force: false };
  const retrieved = conditionOf(status?.conditions, "RetrievedUpdates");
  const reason =
    retrieved?.status === "False" && retrieved.message !== undefined
      ? ` It could not retrieve the updates: ${retrieved.message.replace(/\.$/, "")}.`
      : "";
  const channel = spec?.channel ?? "";
  throw new UpdateRefused(from, version, [
    `The cluster runs ${from} and isn't offered ${version} ` +
      `(${channel === "" ? "it has no channel" : `channel ${channel}`}).${reason} ` +
      `It is offered: ${versionList(available)}; conditionally: ${versionList(conditional.map((each) => each.release))}. ` +
      `Set release to one of these or back to the current one; or set updateChannel and run pulumi up first; or set releaseImage and forceUpdate.`,
  ]);
}

function why({ reason = "", message = "" }: Partial<Condition> = {}): string {
  return [reason, message.trim().replace(/\.$/, "")].filter((text) => text !== "").join(": ") || "the cluster gives no reason";
}

function versionList(releases: readonly Release[]): string {
  return releases.length === 0 ? "nothing" : releases.map(({ version }) => version).join(", ");
}
