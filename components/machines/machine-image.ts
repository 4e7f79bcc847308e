import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { hasImageIn, publicationVaries, publishesImageIn, sourceRegion, streamImage } from "../../ignition/coreos-stream";
import type { InstallationPhase } from "../installer/asset-age";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import type { Naming } from "../naming";

type ImageConfiguration = Pick<Configuration, "distribution" | "release" | "region" | "architecture" | "volumeKmsKeyArn">;

export interface MachineImageArgs {
  readonly naming: Naming;
  readonly configuration: ImageConfiguration;
  /** Output of the release's `openshift-install coreos print-stream-json`. */
  readonly stream: pulumi.Input<string>;
  /** Whether the AMI is a copy: the result of `isImageCopied`. */
  readonly copied: boolean;
}

/**
 * Whether the instances boot from a copied AMI because the release publishes none in the region. Once instances exist, `stream` belongs to the
 * installed release, even if `release` names another one. So a copy that was made for the installed release is kept.
 */
export async function isImageCopied(
  configuration: ImageConfiguration,
  stream: pulumi.Output<string>,
  phase: InstallationPhase,
): Promise<boolean> {
  if (!publishesImageIn(configuration)) return true;
  if (phase === "before-first-boot" || !publicationVaries(configuration)) return false;
  const installed = await valueIfKnown(stream);
  return installed !== undefined && !hasImageIn(installed, configuration.architecture, configuration.region);
}

/** The AMI from which instances first boot: the release's own AMI, or an encrypted copy if the region has none. */
export class MachineImage extends pulumi.ComponentResource {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: MachineImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:MachineImage", name, {}, opts);
    const { naming, configuration, copied } = args;
    const { region, architecture, volumeKmsKeyArn } = configuration;
    if (!copied) {
      this.imageId = pulumi.output(args.stream).apply((stream) => streamImage(stream, architecture, region));
    } else {
      const from = sourceRegion(configuration);
      if (from === undefined) throw new Error(`the release has no AMI that could be copied to ${region}`);
      const copy = new aws.ec2.AmiCopy(
        name,
        {
          name: naming.name("coreos"),
          description: "CoreOS, copied since the release publishes no image in this region",
          sourceAmiId: pulumi.output(args.stream).apply((stream) => streamImage(stream, architecture, from)),
          sourceAmiRegion: from,
          encrypted: true,
          kmsKeyId: volumeKmsKeyArn,
          tags: naming.tags("coreos"),
        },
        // A change of the source AMI makes no new copy: instances boot from the AMI only once, and the cluster updates their operating system.
        { parent: this, ignoreChanges: ["sourceAmiId"] },
      );
      this.imageId = copy.id;
    }
    this.registerOutputs();
  }
}
