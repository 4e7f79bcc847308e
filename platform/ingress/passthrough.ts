import { type LabelSelector, selects } from "../../config/label-selector";

type Labels = Readonly<Record<string, string>>;

/** What is looked at of a namespace, and of a Route. */
export interface NamespaceFacts {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

export interface RouteFacts {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Labels };
  readonly spec: { readonly host?: string; readonly tls?: { readonly termination?: string } };
}

/**
 * Routes that a shard admits and whose TLS ends in the application itself: behind a load balancer that ends it first, they can't be served.
 *
 * @returns `<namespace>/<name>` of each, sorted.
 */
export function passthroughRoutes(
  shard: { readonly namespaceSelector: LabelSelector; readonly routeSelector: LabelSelector },
  namespaces: readonly NamespaceFacts[],
  routes: readonly RouteFacts[],
): string[] {
  const own = new Set(
    namespaces.filter(({ metadata }) => selects(shard.namespaceSelector, metadata.labels ?? {})).map(({ metadata }) => metadata.name),
  );
  return routes
    .filter(
      ({ metadata, spec }) =>
        own.has(metadata.namespace) && selects(shard.routeSelector, metadata.labels ?? {}) && spec.tls?.termination === "passthrough",
    )
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)
    .sort();
}
