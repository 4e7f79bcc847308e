import { type Placement, servicePlacement } from "../machines/settings";
import type { Settings } from "../schema";
import { GLOBAL_CATALOGS } from "./fields";

/** An operator that the Operator Lifecycle Manager installs. */
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

/** The operators in the configuration. */
export function operators(settings: Settings): readonly OperatorConfiguration[] {
  return settings.operators.map((entry): OperatorConfiguration => {
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
