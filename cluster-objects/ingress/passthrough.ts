import { type LabelSelector, selectorMatches } from "../../config/ingress/label-selector";

type Labels = Readonly<Record<string, string>>;

/** The fields of a namespace and of a Route that are read here. */
export interface NamespaceFacts {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

export interface RouteFacts {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Labels };
  readonly spec: { readonly host?: string; readonly tls?: { readonly termination?: string } };
}

/**
 * Passthrough routes that a shard admits. Their TLS is terminated by the application, so a load balancer that terminates TLS cannot serve
 * them.
 *
 * @returns `<namespace>/<name>` of each route, sorted.
 */
export function passthroughRoutes(
  shard: { readonly namespaceSelector: LabelSelector; readonly routeSelector: LabelSelector },
  namespaces: readonly NamespaceFacts[],
  routes: readonly RouteFacts[],
): string[] {
  const own = new Set(
    namespaces
      .filter(({ metadata }) => selectorMatches(shard.namespaceSelector, metadata.labels ?? {}))
      .map(({ metadata }) => metadata.name),
  );
  return routes
    .filter(
      ({ metadata, spec }) =>
        own.has(metadata.namespace) &&
        selectorMatches(shard.routeSelector, metadata.labels ?? {}) &&
        spec.tls?.termination === "passthrough",
    )
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)
    .sort();
}
