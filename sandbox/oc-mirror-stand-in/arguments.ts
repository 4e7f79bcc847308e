/** The parsed command line. */
export interface MirrorRequest {
  readonly config: string;
  readonly authfile: string;
  /** The destination: a registry, or a directory for an archive. */
  readonly to: { readonly registry: string } | { readonly directory: string };
  /** Directory of an archive from which the images come. If undefined, they come from their public registries. */
  readonly from?: string;
  /** Directory in which `working-dir` is created. */
  readonly workspace: string;
  readonly ignoreSignature: boolean;
}

/**
 * The flags, each with the first minor release of 4 whose oc-mirror v2 has it (openshift/oc-mirror, `v2/internal/pkg/cli/executor.go` and
 * `v2/pkg/cli/executor.go`, release-4.14 to release-4.20; `internal/pkg/cli/executor.go`, release-4.21 and release-4.22).
 */
const valued: Readonly<Record<string, number>> = {
  "--config": 14,
  "-c": 15,
  "--authfile": 14,
  "--from": 14,
  "--workspace": 16,
  "--cache-dir": 18,
};
const plain: Readonly<Record<string, number>> = { "--v2": 14, "--ignore-release-signature": 19 };

/** The minor release of 4 that is imitated, unless `OC_MIRROR_STAND_IN_MINOR` names a different one. */
export const DEFAULT_MINOR = 22;

/**
 * @param minor minor release of 4 whose oc-mirror is imitated: flags of later releases are unknown.
 * @throws Error for arguments that the vendor's program refuses, with the program's wording if it is known, and for
 * arguments that this stand-in does not support
 */
export function parseArguments(given: readonly string[], minor: number = DEFAULT_MINOR): MirrorRequest {
  const knows = (flags: Readonly<Record<string, number>>, flag: string) => Object.hasOwn(flags, flag) && flags[flag] <= minor;
  const values = new Map<string, string>();
  const places: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const parts = given[at].split(/=(.*)/s);
    const [flag] = parts;
    if (!flag.startsWith("-")) places.push(given[at]);
    else if (knows(plain, flag)) values.set(flag, "");
    else if (knows(valued, flag)) values.set(flag === "-c" ? "--config" : flag, parts.at(1) ?? given.at((at += 1)) ?? "");
    else throw new Error(`unknown flag: ${flag}`);
  }
  if (!values.has("--v2")) throw new Error("--v2 is missing: this stand-in has only version 2 of oc-mirror");
  const [place] = places;
  if (places.length !== 1) throw new Error("exactly one destination is needed: docker://<registry> or file://<directory>");
  const config = required(values, "--config");
  const from = values.has("--from") ? directory(values, "--from") : undefined;
  const common = {
    config,
    authfile: required(values, "--authfile"),
    ignoreSignature: values.has("--ignore-release-signature"),
  };
  if (place.startsWith("file://")) {
    const to = place.slice("file://".length);
    if (from !== undefined) throw new Error("when the destination is file://, --from can't be given");
    return { ...common, to: { directory: to }, workspace: to };
  }
  if (!place.startsWith("docker://")) throw new Error(`the destination ${place} has neither docker:// nor file://`);
  const registry = place.slice("docker://".length);
  if (from !== undefined && values.has("--workspace")) throw new Error("when --from is used, --workspace is not needed");
  const workspace = from ?? (values.has("--workspace") ? directory(values, "--workspace") : undefined);
  if (workspace === undefined) throw new Error("when the destination is docker://, either --from or --workspace is needed");
  return { ...common, to: { registry }, workspace, ...(from !== undefined && { from }) };
}

function required(values: ReadonlyMap<string, string>, flag: string): string {
  const value = values.get(flag) ?? "";
  if (value === "") throw new Error(`use the ${flag} flag`);
  return value;
}

function directory(values: ReadonlyMap<string, string>, flag: string): string {
  const value = required(values, flag);
  if (!value.startsWith("file://")) throw new Error(`${flag} must have the prefix file://`);
  return value.slice("file://".length);
}
