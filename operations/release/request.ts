/** The release that a cluster is to have. */
export interface ReleaseRequest {
  readonly version: string;
  /** Where it comes from when the cluster isn't offered it. */
  readonly image?: string;
  /** Whether it's installed without being offered. */
  readonly force: boolean;
}

/** What counts of `ClusterVersion version` (openshift/api, `config/v1/types_cluster_version.go`). */
export interface ClusterVersion {
  readonly spec?: { readonly channel?: string; readonly desiredUpdate?: { readonly version?: string; readonly image?: string } };
  readonly status?: {
    readonly desired?: { readonly version?: string; readonly image?: string };
    readonly conditions?: readonly { readonly type: string; readonly status?: string; readonly message?: string }[];
    readonly availableUpdates?: readonly { readonly version?: string }[] | null;
    readonly conditionalUpdates?: readonly { readonly release: { readonly version?: string } }[] | null;
  };
}

/** `spec.desiredUpdate`. */
export interface DesiredUpdate {
  readonly version: string;
  readonly image?: string;
  readonly force?: true;
}

/**
 * What a cluster has to be told to become a release; undefined where it is that already, or on the way.
 *
 * @throws Error that says what it is offered, when it isn't offered that
 */
export function desiredUpdate({ version, image, force }: ReleaseRequest, { spec, status }: ClusterVersion): DesiredUpdate | undefined {
  if ([status?.desired?.version, spec?.desiredUpdate?.version].includes(version)) return undefined;
  const available = (status?.availableUpdates ?? []).map((each) => each.version);
  const conditional = (status?.conditionalUpdates ?? []).map(({ release }) => release.version);
  if ([...available, ...conditional].includes(version)) return { version };
  if (force && image !== undefined) return { version, image, force: true };
  const retrieved = status?.conditions?.find(({ type }) => type === "RetrievedUpdates");
  const reason =
    retrieved?.status === "False" && retrieved.message !== undefined ? ` It could not ask for updates: ${retrieved.message}.` : "";
  const channel = spec?.channel ?? "";
  throw new Error(
    `The cluster runs ${status?.desired?.version ?? "a release that it doesn't name"} and isn't offered ${version} ` +
      `(${channel === "" ? "it has no channel" : `channel ${channel}`}).${reason} ` +
      `It is offered: ${listed(available)}; under conditions: ${listed(conditional)}. Set release to one of these or back, ` +
      `set updateChannel and bring the stack up before, or set releaseImage and forceUpdate.`,
  );
}

function listed(versions: readonly (string | undefined)[]): string {
  return versions.length === 0 ? "nothing" : versions.join(", ");
}
