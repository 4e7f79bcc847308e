import { compare, satisfies } from "semver";
import { type OlmBundle, type OlmCatalog, updates } from "../catalog";
import type { V1Extension, V1Installed } from "./objects";

/** A ClusterCatalog that the ClusterExtension selects. */
export interface SelectedCatalog {
  readonly name: string;
  readonly priority: number;
  /** Undefined if the catalog is not served. */
  readonly content: OlmCatalog | undefined;
}

/** OLM's message if it finds no bundle, or several. */
export class Unresolved extends Error {}

/**
 * The bundle that a ClusterExtension gets (openshift/operator-framework-operator-controller, `internal/operator-controller/resolve/catalog.go` and
 * `resolve/validation.go`, release-4.20: Resolve, resolutionError, NoDependencyValidation). Deprecated bundles are not known here.
 *
 * @throws Unresolved with OLM's message
 */
export function resolveExtension(
  { spec }: V1Extension,
  catalogs: readonly SelectedCatalog[],
  installed: V1Installed | undefined,
): OlmBundle {
  const wanted = spec.source.catalog;
  const found = catalogs.flatMap(({ name, priority, content }) => {
    if (content === undefined)
      throw new Unresolved(
        `error walking catalogs: error getting package "${wanted.packageName}" from catalog "${name}": catalog "${name}" is not being served`,
      );
    const bundle = newestOf(candidates(wanted, content, installed));
    return bundle === undefined ? [] : [{ name, priority, bundle }];
  });
  const highest = Math.max(...found.map(({ priority }) => priority));
  const best = found.filter(({ priority }) => priority === highest);
  if (best.length !== 1) throw new Unresolved(unresolvedText(wanted, best.map(({ name }) => name).sort(), installed));
  const [{ bundle }] = best;
  if ((bundle.required ?? []).length > 0)
    throw new Unresolved(
      `validating bundle "${bundle.name}": bundle "${bundle.name}" has a dependency declared via property "olm.gvk.required" which is currently not supported`,
    );
  return bundle;
}

type Wanted = V1Extension["spec"]["source"]["catalog"];

function candidates(
  { packageName, channels = [], version, upgradeConstraintPolicy }: Wanted,
  { packages, bundles }: OlmCatalog,
  installed: V1Installed | undefined,
): OlmBundle[] {
  const all = packages.find(({ name }) => name === packageName)?.channels ?? [];
  const named = (entries: readonly { readonly name: string }[], bundle: OlmBundle) => entries.some(({ name }) => name === bundle.name);
  const selected = channels.length === 0 ? all : all.filter(({ name }) => channels.includes(name));
  // The edges of all channels count, not only those of the selected ones (`catalogmetadata/filter/successors.go`).
  const successors =
    installed === undefined || upgradeConstraintPolicy === "SelfCertified"
      ? undefined
      : [installed, ...all.flatMap(({ entries }) => entries.filter((entry) => updates(entry, installed)))];
  return bundles.filter(
    (bundle) =>
      bundle.package === packageName &&
      selected.some(({ entries }) => named(entries, bundle)) &&
      (version === undefined || satisfies(bundle.version, version)) &&
      (successors === undefined || named(successors, bundle)),
  );
}

function newestOf(bundles: readonly OlmBundle[]): OlmBundle | undefined {
  return [...bundles].sort((one, other) => compare(other.version, one.version)).at(0);
}

function unresolvedText({ packageName, version, channels = [] }: Wanted, catalogs: readonly string[], installed?: V1Installed): string {
  return [
    ...(installed === undefined ? [] : [`error upgrading from currently installed version "${installed.version}":`]),
    `${catalogs.length > 1 ? "found bundles" : "no bundles found"} for package "${packageName}"`,
    ...(version === undefined ? [] : [`matching version "${version}"`]),
    ...(channels.length === 0 ? [] : [`in channels [${channels.join(" ")}]`]),
    ...(catalogs.length > 1 ? [`in multiple catalogs with the same priority [${catalogs.join(" ")}]`] : []),
  ].join(" ");
}
