import type { ResolvedBundle } from "./resolution";

/** Seconds after which OLM looks again whether a bundle is unpacked (`pkg/controller/operators/catalog/operator.go`: syncResolvingNamespace). */
export const UNPACK_SECONDS = 5;

/**
 * The bundles that have been unpacked. The real ones are in ConfigMaps in the catalog's namespace, which a Job fills, so each bundle of a
 * catalog is unpacked once. Here that takes as long as OLM waits before its second look.
 */
export class UnpackedBundles {
  private readonly started = new Map<string, number>();

  /** Starts to unpack the bundles that are not unpacked yet. Returns whether all are. */
  unpack(bundles: readonly ResolvedBundle[], now: Date): boolean {
    const done = bundles.map(({ subscription: { spec }, bundle }) => {
      const key = `${spec.sourceNamespace}/${spec.source}/${bundle.name}`;
      const started = this.started.get(key) ?? now.getTime();
      this.started.set(key, started);
      return now.getTime() - started >= UNPACK_SECONDS * 1000;
    });
    return done.every(Boolean);
  }
}
