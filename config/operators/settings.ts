import { type Placement, servicePlacement } from "../machines/settings";
import type { Settings } from "../schema";
import { GLOBAL_CATALOGS } from "./fields";

/** An operator that version 0 of the Operator Lifecycle Manager installs. */
export interface OperatorConfiguration {
  /** Package in the catalog, and name of the Subscription. */
  readonly package: string;
  readonly namespace: string;
  /** The CatalogSource. */
  readonly source: { readonly name: string; readonly namespace: string };
  readonly channel: string;
  /** Name of the ClusterServiceVersion to install; undefined if OLM always installs the channel's newest version. */
  readonly startingCSV?: string;
  /** Namespaces that the operator watches; empty for all. */
  readonly targetNamespaces: readonly string[];
  readonly placement?: Placement;
  /** Environment variables of the operator's containers. */
  readonly env: Readonly<Record<string, string>>;
}

/** An operator that version 1 of the Operator Lifecycle Manager installs. It watches all namespaces. */
export interface ExtensionConfiguration {
  /** Package in the catalog, and name of the ClusterExtension. */
  readonly package: string;
  readonly namespace: string;
  /** Name of the ClusterCatalog. */
  readonly catalog: string;
  readonly channel: string;
  readonly version: string;
  /** Rules of the service account with which OLM installs the operator. */
  readonly permissions: NonNullable<Entry["permissions"]>;
  readonly upgradeConstraintPolicy: "CatalogProvided" | "SelfCertified";
}

type Entry = Settings["operators"][number];

/** Whether version 1 of OLM installs an operator. */
export function isExtension({ generation }: Pick<Entry, "generation">): boolean {
  return generation === 1;
}

/** The operators in the configuration that version 1 of OLM installs. */
export function extensions(settings: Settings): readonly ExtensionConfiguration[] {
  return settings.operators.filter(isExtension).map((entry): ExtensionConfiguration => ({
    package: entry.name,
    namespace: entry.namespace,
    catalog: entry.source,
    channel: entry.channel,
    version: entry.version ?? "",
    permissions: entry.permissions ?? [],
    upgradeConstraintPolicy: entry.upgradeConstraintPolicy ?? "CatalogProvided",
  }));
}

/** The operators in the configuration that version 0 of OLM installs. */
export function operators(settings: Settings): readonly OperatorConfiguration[] {
  const subscribed = settings.operators.filter((entry) => !isExtension(entry));
  return subscribed.map((entry): OperatorConfiguration => {
    const placement = entry.onInfraNodes === true ? servicePlacement(settings, 1) : undefined;
    return {
      package: entry.name,
      namespace: entry.namespace,
      source: { name: entry.source, namespace: entry.sourceNamespace ?? GLOBAL_CATALOGS },
      channel: entry.channel,
      ...(entry.startingCSV !== undefined && { startingCSV: entry.startingCSV }),
      targetNamespaces: entry.targetNamespaces ?? [],
      ...(placement && { placement }),
      env: entry.env ?? {},
    };
  });
}
