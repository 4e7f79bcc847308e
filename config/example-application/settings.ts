import type { Demand } from "../capacity/demand";
import { NAMESPACE_NAME, requirementsOf, selectableLabels } from "../ingress/label-selector";
import { selector } from "../ingress/settings";
import type { Settings } from "../schema";

/** Settings of the example application. */
export interface ExampleApplication {
  /** Labels of the application's namespace, by which the shards select the namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** At least one. */
  readonly exposures: readonly ExampleRoute[];
}

/** A Route of the application. */
export interface ExampleRoute {
  /** Name of the router that serves the Route: the name of a shard, or `default`. */
  readonly router: string;
  readonly host: string;
  /** Labels by which the router selects the Route. */
  readonly labels: Readonly<Record<string, string>>;
}

type Shards = Pick<Settings, "routerShards" | "exampleApplicationShards">;

/** Name of the example application's objects, and first label of its host names. */
export const GUESTBOOK = "guestbook";

/** Namespace of the example application. */
export const EXAMPLE_NAMESPACE = "okd-aws-example";

/**
 * Minimum and maximum number of web servers: with two, the application survives the loss of a node; with four, a scale-up is visible. This
 * project's choice.
 */
export const GUESTBOOK_REPLICAS = { min: 2, max: 4 } as const;

/** Requests of a web server and of the database. This project's choice: enough for a page with a hundred entries. */
export const WEB_REQUESTS = { cpuMillis: 100, memoryMib: 128 } as const;
export const DATABASE_REQUESTS = { cpuMillis: 100, memoryMib: 256 } as const;

/** The requests of the example application at its smallest size. */
export function exampleDemands({ exampleApplication: on }: Pick<Settings, "exampleApplication">): readonly Demand[] {
  if (!on) return [];
  return [
    { consumer: "the example's web server", pods: GUESTBOOK_REPLICAS.min, ...WEB_REQUESTS, nodes: "worker" },
    { consumer: "the example's database", pods: 1, ...DATABASE_REQUESTS, nodes: "worker" },
  ];
}

/** The settings of the example application; undefined if it is switched off. */
export function exampleApplication(settings: Settings): ExampleApplication | undefined {
  if (!settings.exampleApplication) return undefined;
  const shards = exposingShards(settings);
  const byDefault = { router: "default", host: `${GUESTBOOK}.apps.${settings.clusterName}.${settings.baseDomain}`, labels: {} };
  return {
    namespaceLabels: sharedNamespaceLabels(settings) ?? {},
    exposures:
      shards.length === 0
        ? [byDefault]
        : shards.map(({ name, domain, routeSelector }) => ({
            router: name,
            host: `${GUESTBOOK}.${domain}`,
            labels: selectableLabels([selector(routeSelector)]) ?? {},
          })),
  };
}

/** The shards through which the application is reached. */
export function exposingShards({ routerShards, exampleApplicationShards: chosen }: Shards): Settings["routerShards"] {
  return chosen.length === 0 ? routerShards : routerShards.filter(({ name }) => chosen.includes(name));
}

/** The labels of a namespace that every exposing shard selects; undefined if their selectors exclude each other. */
export function sharedNamespaceLabels(settings: Shards): Readonly<Record<string, string>> | undefined {
  // The API server sets this label to the namespace's name, whatever the object says.
  const fixed = { [NAMESPACE_NAME]: EXAMPLE_NAMESPACE };
  return selectableLabels(
    exposingShards(settings).map(({ namespaceSelector }) => selector(namespaceSelector)),
    fixed,
  );
}

/** Names of the exposing shards that select namespaces by their names, but not the application's namespace. */
export function shardsOfOtherNamespaces(settings: Shards): readonly string[] {
  return exposingShards(settings).flatMap(({ name, namespaceSelector }) => {
    const byName = requirementsOf(selector(namespaceSelector)).filter(({ key, operator }) => key === NAMESPACE_NAME && operator === "In");
    return byName.some(({ values = [] }) => !values.includes(EXAMPLE_NAMESPACE)) ? [name] : [];
  });
}
