/** What the command line asks for. */
export interface Request {
  readonly config: string;
  readonly authfile: string;
  /** Where the images go: a registry, or a directory for an archive. */
  readonly to: { readonly registry: string } | { readonly directory: string };
  /** Directory of an archive to take them from; without it they come from where they are public. */
  readonly from?: string;
  /** Directory in which `working-dir` is made. */
  readonly workspace: string;
  readonly ignoreSignature: boolean;
}

/** Flags with a value, and those without. */
const valued = ["--config", "-c", "--authfile", "--cache-dir", "--workspace", "--from"];
const plain = ["--v2", "--ignore-release-signature"];

/** @throws Error, in the vendor's words where they are known, for what the vendor's program would refuse, or what is not stood in for */
export function parseArguments(given: readonly string[]): Request {
  const values = new Map<string, string>();
  const places: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const parts = given[at].split(/=(.*)/s);
    const [flag] = parts;
    if (!flag.startsWith("-")) places.push(given[at]);
    else if (plain.includes(flag)) values.set(flag, "");
    else if (valued.includes(flag)) values.set(flag === "-c" ? "--config" : flag, parts.at(1) ?? given.at((at += 1)) ?? "");
    else throw new Error(`unknown flag: ${flag}`);
  }
  if (!values.has("--v2")) throw new Error("--v2 is missing: version 1 of oc-mirror is not stood in for");
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
