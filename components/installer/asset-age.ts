import * as pulumi from "@pulumi/pulumi";

/** Phases of an installation: before the first instance boots, until the bootstrap destroy, and afterwards. */
export type InstallationPhase = "before-first-boot" | "booting" | "installed";

interface AssetAgeInputs {
  readonly phase: InstallationPhase;
}

/**
 * Age in hours after which ignition configs are generated again. Their certificates are valid for 24 hours, part of which the installation
 * needs.
 */
const oldestHours = 12;

function isStale(stampedAt: string): boolean {
  return Date.now() - Date.parse(stampedAt) > oldestHours * 3_600_000;
}

/** Records when the installer generated its files, and decides whether they are still usable. */
const assetAgeProvider: pulumi.dynamic.ResourceProvider<AssetAgeInputs, AssetAgeInputs & { stampedAt: string }> = {
  create({ phase }) {
    return Promise.resolve({ id: "asset-age", outs: { phase, stampedAt: new Date().toISOString() } });
  },
  diff(_id, olds, { phase }) {
    // An installed cluster renews its certificates itself, so the age of the ignition configs no longer matters.
    if (phase === "installed" || !isStale(olds.stampedAt)) return Promise.resolve({ changes: false });
    if (phase === "before-first-boot") return Promise.resolve({ changes: true });
    return Promise.reject(
      new Error(
        `the instances began to boot from ignition configs of ${olds.stampedAt}, whose certificates are valid for 24 hours, and the cluster has not ` +
          `come up since. New certificates would not match those of the instances: destroy the stack and bring it up again ` +
          `(make rebuild STACK=<stack> CONFIRM=<cluster>).`,
      ),
    );
  },
  update(_id, _olds, { phase }) {
    return Promise.resolve({ outs: { phase, stampedAt: new Date().toISOString() } });
  },
};

/**
 * The age of the installer's files. As long as no instance has booted from them, files older than 12 hours are generated again, and a
 * preview shows that. Once instances have booted, outdated files make an update fail with an error that says what to do. After the
 * installation their age does not matter.
 */
export class AssetAge extends pulumi.dynamic.Resource {
  /** When the files were generated; a change makes the steps run again. */
  declare readonly stampedAt: pulumi.Output<string>;

  constructor(name: string, phase: InstallationPhase, opts?: pulumi.CustomResourceOptions) {
    super(assetAgeProvider, name, { phase, stampedAt: undefined }, opts, "okd", "AssetAge");
  }
}
