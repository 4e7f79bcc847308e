import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { parse, satisfies } from "semver";
import type { KubeObject } from "../api";
import type { OlmDefinition } from "./objects";

/** A catalog of operators as data: the part of a file-based catalog and of its bundles that the stand-in uses. */
export interface OlmCatalog {
  readonly packages: readonly OlmPackage[];
  readonly bundles: readonly OlmBundle[];
}

interface OlmPackage {
  readonly name: string;
  readonly defaultChannel: string;
  readonly channels: readonly { readonly name: string; readonly entries: readonly OlmEntry[] }[];
}

/** A version in a channel, and the versions that it updates. */
export interface OlmEntry {
  /** Name of the ClusterServiceVersion. */
  readonly name: string;
  readonly replaces?: string;
  readonly skips?: readonly string[];
  readonly skipRange?: string;
}

/** One version of an operator. */
export interface OlmBundle {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** Supported install modes, such as OwnNamespace. */
  readonly installModes: readonly string[];
  readonly owned?: readonly OlmDefinition[];
  readonly required?: readonly OlmDefinition[];
  readonly deployments: readonly OlmBundleDeployment[];
  /**
   * Rights of the Deployments' service accounts: in the operator's namespace, or in the whole cluster if the operator
   * watches all namespaces.
   */
  readonly permissions?: readonly OlmPermission[];
  /** Rights of service accounts in the whole cluster. */
  readonly clusterPermissions?: readonly OlmPermission[];
  readonly maxOpenShiftVersion?: string;
  /** Further manifests of the bundle that OLM applies as they are, such as cluster roles for users. */
  readonly objects?: readonly KubeObject[];
}

interface OlmPermission {
  readonly serviceAccount: string;
  /** Rules of a Role or ClusterRole. */
  readonly rules: readonly object[];
}

interface OlmBundleDeployment {
  readonly name: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly requests: { readonly cpu: string; readonly memory: string };
}

/** The stand-in's catalogs by the repository of their image (operator-framework/operator-marketplace, `defaults`, release-4.19). */
const FILES: Readonly<Record<string, string>> = {
  "redhat-operator-index": "redhat-operators.yaml",
  "community-operator-index": "community-operators.yaml",
  "certified-operator-index": "certified-operators.yaml",
  "redhat-marketplace-index": "redhat-marketplace.yaml",
};

const read = new Map<string, OlmCatalog>();

/** The catalog in an image, from its repository's last part; undefined if the stand-in does not know the image. */
export function catalogInImage(image: string): OlmCatalog | undefined {
  const repository =
    image
      .replace(/(:[^/]*|@.*)$/, "")
      .split("/")
      .at(-1) ?? "";
  if (!Object.hasOwn(FILES, repository)) return undefined;
  const file = join(__dirname, "catalogs", FILES[repository]);
  const catalog = read.get(file) ?? (load(readFileSync(file, "utf8")) as OlmCatalog);
  read.set(file, catalog);
  return catalog;
}

/**
 * The entries of a package's channel; if no channel is named, of the default channel. Undefined if the package or the
 * channel is unknown.
 */
export function entriesOfChannel(catalog: OlmCatalog, packageName: string, channel: string | undefined): readonly OlmEntry[] | undefined {
  const found = catalog.packages.find(({ name }) => name === packageName);
  return found?.channels.find(({ name }) => name === (channel ?? found.defaultChannel))?.entries;
}

/** A channel whose entries have no order, so that OLM resolves nothing. */
export class UnsortableChannel extends Error {}

/**
 * The entries from the channel's head down, each replacing the next; skipped entries are left out (openshift/operator-framework-olm,
 * `pkg/controller/registry/resolver/resolver.go` of its operator-lifecycle-manager, release-4.19: sortChannel).
 *
 * @throws UnsortableChannel if the channel has several heads or none, with OLM's message
 */
export function fromHeadDown(entries: readonly OlmEntry[], packageName: string, channel: string): readonly OlmEntry[] {
  const skipped = new Set(entries.flatMap(({ skips = [] }) => skips));
  const replaced = new Set([...skipped, ...entries.map(({ replaces }) => replaces)]);
  const chains = entries
    .filter(({ name }) => !replaced.has(name))
    .map((head) => chainFrom(head, entries).filter(({ name }) => !skipped.has(name)));
  const place = `in channel "${channel}" of package "${packageName}"`;
  if (chains.length === 1) return chains[0];
  if (chains.length === 0) throw new UnsortableChannel(`no channel heads (entries not replaced by another entry) found ${place}`);
  const texts = chains.map((chain) => (chain.length === 1 ? chain[0].name : `${chain[0].name}...${chain.at(-1)?.name ?? ""}`));
  throw new UnsortableChannel(
    "a unique replacement chain within a channel is required to determine the relative order between channel entries, " +
      `but ${chains.length} replacement chains were found ${place}: ${texts.join(", ")}`,
  );
}

function chainFrom(head: OlmEntry, entries: readonly OlmEntry[]): OlmEntry[] {
  const next = entries.find(({ name }) => name === head.replaces);
  return next === undefined ? [head] : [head, ...chainFrom(next, entries)];
}

/**
 * Whether an entry updates an installed version: the entry replaces or skips the version, or the entry's skipRange
 * includes the version (the same file and `cache/predicates.go`).
 */
export function updates(
  { replaces, skips = [], skipRange }: OlmEntry,
  installed: { readonly name: string; readonly version: string },
): boolean {
  if (replaces === installed.name || skips.includes(installed.name)) return true;
  return (
    skipRange !== undefined && parse(installed.version) !== null && satisfies(installed.version, skipRange, { includePrerelease: true })
  );
}
