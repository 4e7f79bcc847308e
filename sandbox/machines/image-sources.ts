import { loadAll } from "js-yaml";
import { filesIn, type BootedIgnitionConfig } from "./ignition-config";
import { connect } from "./network";
import { isFailure, type Failure, failure } from "./failure";
import { egressTo } from "./routing";
import type { Listening } from "./service";
import type { Instance, AwsSnapshot } from "./aws-snapshot";

/** The mirrors of a cluster's images. */
export interface Mirrors {
  /** Registries with their ports, such as `registry.demo.example.com:5000`. */
  readonly registries: readonly string[];
  /** Whether the nodes pull only from the mirrors, and never from the public registries. */
  readonly only: boolean;
}

interface MirrorSet {
  readonly kind?: string;
  readonly spec?: {
    readonly imageDigestMirrors?: readonly { readonly mirrors?: readonly string[]; readonly mirrorSourcePolicy?: string }[];
  };
}

/** The mirrors that a bootstrap instance's config gives its cluster; undefined if it names none. */
export function mirrorsIn(config: BootedIgnitionConfig): Mirrors | undefined {
  const entries = [...filesIn(config)]
    .filter(([path, text]) => path.startsWith("/opt/openshift/manifests/") && text.includes("ImageDigestMirrorSet"))
    .flatMap(([, text]) => loadAll(text) as (MirrorSet | null)[])
    .flatMap((object) => (object?.kind === "ImageDigestMirrorSet" ? (object.spec?.imageDigestMirrors ?? []) : []));
  const registries = [...new Set(entries.flatMap(({ mirrors = [] }) => mirrors.map((mirror) => mirror.split("/")[0])))];
  if (registries.length === 0) return undefined;
  return { registries, only: entries.every(({ mirrorSourcePolicy }) => mirrorSourcePolicy === "NeverContactSource") };
}

/** Whether an instance gets its container images from an archive in S3, as an installer host does with `mirror` air-gapped. */
export function hasArchivedImages({ storage }: BootedIgnitionConfig): boolean {
  return (storage?.files ?? []).some(({ path, contents }) => path.endsWith(".tar") && contents?.source?.startsWith("s3://") === true);
}

/**
 * The reason why an instance can pull the release's images neither from a mirror nor, if allowed, from the public registries; undefined if it can
 * pull them.
 */
export function imagePullProblem(snapshot: AwsSnapshot, listening: Listening, instance: Instance, mirrors?: Mirrors): Failure | undefined {
  const attempts = (mirrors?.registries ?? []).map((registry) => {
    const { hostname, port } = new URL(`https://${registry}`);
    const way = connect(snapshot, listening, instance, hostname, Number(port || 443));
    return isFailure(way) ? `its mirror ${registry}: ${way.reason}` : undefined;
  });
  if (attempts.includes(undefined)) return undefined;
  if (mirrors?.only === true) return failure(attempts.join("; "));
  const way = egressTo(snapshot, instance, "internet");
  return isFailure(way) ? failure([way.reason, ...attempts].join("; ")) : undefined;
}
