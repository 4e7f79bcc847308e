import * as pulumi from "@pulumi/pulumi";

/** Where a cluster is between its first ignition config and its first day of work. */
export type InstallationPhase = "before-first-boot" | "booting" | "installed";

interface AssetAgeInputs {
  readonly phase: InstallationPhase;
}

/** Hours after which ignition configs are made anew: the certificates in them live 24 hours, of which the bring-up needs some (reference, section 7). */
export const oldestHours = 12;

function isStale(stampedAt: string): boolean {
  return Date.now() - Date.parse(stampedAt) > oldestHours * 3_600_000;
}

/** Stamps the time at which the installer's answers were made, and decides whether they are still good. */
export const assetAgeProvider: pulumi.dynamic.ResourceProvider<AssetAgeInputs, AssetAgeInputs & { stampedAt: string }> = {
  create({ phase }) {
    return Promise.resolve({ id: "asset-age", outs: { phase, stampedAt: new Date().toISOString() } });
  },
  diff(_id, olds, { phase }) {
    // From then on the cluster renews its own certificates, and these are history.
    if (phase === "installed" || !isStale(olds.stampedAt)) return Promise.resolve({ changes: false });
    if (phase === "before-first-boot") return Promise.resolve({ changes: true });
    return Promise.reject(
      new Error(
        `the machines began to boot from ignition configs of ${olds.stampedAt}, whose certificates live 24 hours, and the cluster has not ` +
          `come up since. New certificates would not be those that the machines have: destroy the stack and bring it up again ` +
          `(make rebuild STACK=<stack> CONFIRM=<cluster>).`,
      ),
    );
  },
  update(_id, _olds, { phase }) {
    return Promise.resolve({ outs: { phase, stampedAt: new Date().toISOString() } });
  },
};

/**
 * The age of the installer's answers. While no machine has booted from them, answers older than 12 hours are made again, and
 * a preview shows it; once machines have, an update is refused with what to do; after the installation it never changes.
 */
export class AssetAge extends pulumi.dynamic.Resource {
  /** When the answers were made; the steps run again when it changes. */
  declare readonly stampedAt: pulumi.Output<string>;

  constructor(name: string, phase: InstallationPhase, opts?: pulumi.CustomResourceOptions) {
    super(assetAgeProvider, name, { phase, stampedAt: undefined }, opts, "okd", "AssetAge");
  }
}
