import type { ResolvedBundle } from "./resolution";

/** Seconds after which OLM checks again whether a bundle is unpacked (`pkg/controller/operators/catalog/operator.go`: syncResolvingNamespace). */
export const UNPACK_SECONDS = 5;

/**
 * The bundles that have been unpacked. With the real OLM a Job unpacks each bundle of a catalog once, into a ConfigMap in the catalog's namespace.
 * Here the unpacking takes UNPACK_SECONDS, after which OLM checks a second time.
 */
export class UnpackedBundles {
  private readonly started = new Map<string, number>();

  /** Starts to unpack the bundles that are not unpacked yet. Returns whether all bundles are unpacked. */
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
