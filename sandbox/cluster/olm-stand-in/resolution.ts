import { entriesOfChannel, fromHeadDown, type OlmBundle, type OlmCatalog, type OlmEntry, UnsortableChannel, updates } from "./catalog";
import type { OlmCsv, OlmSource, OlmSubscription } from "./objects";

/** The Subscriptions of a namespace and everything that decides which versions they get. */
export interface ResolutionInput {
  readonly subscriptions: readonly OlmSubscription[];
  /** ClusterServiceVersions of the namespace. */
  readonly csvs: readonly OlmCsv[];
  /** CatalogSources of the namespace and of the global namespace, with their content; undefined if the catalog does not answer. */
  readonly sources: readonly { readonly source: OlmSource; readonly catalog: OlmCatalog | undefined }[];
}

/** A version that a Subscription gets next. */
export interface ResolvedBundle {
  readonly subscription: OlmSubscription;
  readonly bundle: OlmBundle;
  /** The installed version that the bundle replaces. */
  readonly replaces: string | undefined;
}

/** The reason why no Subscription of the namespace can be resolved: reason and message of the condition ResolutionFailed. */
export interface ResolutionFailure {
  readonly reason: "ConstraintsNotSatisfiable" | "ErrorPreventedResolution";
  readonly message: string;
}

/**
 * Resolves all Subscriptions of a namespace together (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/registry/resolver/resolver.go`, master: Resolve). The real resolver solves constraints. The stand-in resolves each
 * Subscription alone, and ignores dependencies between operators.
 */
export function resolveNamespace(input: ResolutionInput): readonly ResolvedBundle[] | ResolutionFailure {
  const found: ResolvedBundle[] = [];
  const unsatisfied: string[] = [];
  const errors: string[] = [];
  for (const subscription of input.subscriptions) {
    try {
      const result = resolveOne(subscription, input);
      if (Array.isArray(result)) unsatisfied.push(...result);
      else if (result !== undefined) found.push(result);
    } catch (error) {
      if (!(error instanceof UnsortableChannel)) throw error;
      errors.push(error.message);
    }
  }
  // A catalog that does not answer prevents every resolution that could use it, whichever Subscription names it.
  const silent = input.sources
    .filter(({ catalog }) => catalog === undefined)
    .map(({ source: { metadata } }) => `error using catalogsource ${metadata.namespace}/${metadata.name}: ${NO_ANSWER}`);
  const reported = silent.length > 0 ? silent : errors;
  if (reported.length > 0)
    return { reason: "ErrorPreventedResolution", message: reported.length === 1 ? reported[0] : `[${reported.join(", ")}]` };
  if (unsatisfied.length > 0)
    return { reason: "ConstraintsNotSatisfiable", message: `constraints not satisfiable: ${unsatisfied.join(", ")}` };
  return found;
}

/**
 * OLM's message about a catalog that does not answer. `cache/cache.go` and `source_registry.go` have the text before the
 * first colon; gRPC writes the text after it (a guess).
 */
const NO_ANSWER = 'failed to list bundles: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing"';

/** The next version; undefined if there is no update; a list of constraints if the constraints can't be satisfied. */
function resolveOne(
  subscription: OlmSubscription,
  { csvs, subscriptions, sources }: ResolutionInput,
): ResolvedBundle | string[] | undefined {
  const { name: packageName, source, sourceNamespace, channel, startingCSV } = subscription.spec;
  const { name } = subscription.metadata;
  const exists = `subscription ${name} exists`;
  const catalog = sources.find(({ source: { metadata } }) => metadata.name === source && metadata.namespace === sourceNamespace)?.catalog;
  if (catalog === undefined || catalog.packages.length === 0)
    return [`no operators found from catalog ${source} in namespace ${sourceNamespace} referenced by subscription ${name}`, exists];
  if (!catalog.packages.some((each) => each.name === packageName))
    return [`no operators found in package ${packageName} in the catalog referenced by subscription ${name}`, exists];
  const entries = entriesOfChannel(catalog, packageName, channel);
  if (entries === undefined)
    return [
      `no operators found in channel ${channel ?? ""} of package ${packageName} in the catalog referenced by subscription ${name}`,
      exists,
    ];

  const current = csvs.find(({ metadata }) => metadata.name === subscription.status?.installedCSV);
  const pinned = current === undefined && startingCSV !== undefined && startingCSV !== "" ? startingCSV : undefined;
  const usable = pinned === undefined ? entries : entries.filter((entry) => entry.name === pinned);
  if (usable.length === 0)
    return [
      `no operators found with name ${startingCSV ?? ""} in channel ${channel ?? ""} of package ${packageName} in the catalog referenced by subscription ${name}`,
      exists,
    ];
  const [next] = fromHeadDown(usable, packageName, channel ?? "").filter(
    (entry) => current === undefined || updates(entry, { name: current.metadata.name, version: current.spec.version }),
  ) as (OlmEntry | undefined)[];
  const bundle = catalog.bundles.find((each) => each.name === next?.name);
  if (next !== undefined && bundle === undefined) throw new Error(`the stand-in's catalog ${source} has no bundle ${next.name}`);
  const left = csvs.find((csv) => isLeftOver(csv, packageName, subscriptions));
  if (left !== undefined) return conflictWith(left, subscription, bundle, current);
  return bundle && { subscription, bundle, replaces: current?.metadata.name };
}

/**
 * Whether a ClusterServiceVersion of the package is installed, but belongs to no Subscription. During an update this is
 * true of the replaced version, until the version is deleted (openshift/operator-framework-olm,
 * `pkg/controller/registry/resolver/source_csvs.go` of its operator-lifecycle-manager, release-4.19).
 */
function isLeftOver({ metadata }: OlmCsv, packageName: string, subscriptions: readonly OlmSubscription[]): boolean {
  if (subscriptions.some(({ status }) => status?.installedCSV === metadata.name)) return false;
  const { properties } = JSON.parse(metadata.annotations?.["operatorframework.io/properties"] ?? '{"properties":[]}') as {
    properties: readonly { type: string; value: { packageName?: string } }[];
  };
  return properties.some(({ type, value }) => type === "olm.package" && value.packageName === packageName);
}

/**
 * The constraints with which OLM reports that an installed version without a Subscription excludes the versions of a
 * Subscription. Their texts are from `variable_types.go`; their order is a guess.
 */
function conflictWith(
  left: OlmCsv,
  { metadata, spec }: OlmSubscription,
  bundle: OlmBundle | undefined,
  current: OlmCsv | undefined,
): string[] {
  const { name, namespace } = left.metadata;
  const options = [
    ...(bundle ? [`${spec.source}/${spec.sourceNamespace}/${spec.channel ?? ""}/${bundle.name}`] : []),
    ...(current ? [`@existing/${namespace}//${current.metadata.name}`] : []),
  ];
  return [
    `clusterserviceversion ${name} exists and is not referenced by a subscription`,
    `@existing/${namespace}//${name} and ${options.join(" and ")} originate from package ${spec.name}`,
    `subscription ${metadata.name} requires ${options.length === 1 ? options[0] : `at least one of ${options.join(" or ")}`}`,
    `subscription ${metadata.name} exists`,
  ];
}
