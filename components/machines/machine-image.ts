import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { hasImageIn, publicationVaries, publishesImageIn, sourceRegion, streamImage } from "../../ignition/coreos-stream";
import type { InstallationPhase } from "../installer/asset-age";
import { known } from "../known";
import type { Naming } from "../naming";

type ImageConfiguration = Pick<Configuration, "distribution" | "release" | "region" | "architecture" | "volumeKmsKeyArn">;

export interface MachineImageArgs {
  readonly naming: Naming;
  readonly configuration: ImageConfiguration;
  /** What `openshift-install coreos print-stream-json` of the release printed. */
  readonly stream: pulumi.Input<string>;
  /** Whether it is a copy: what `isImageCopied` answers. */
  readonly copied: boolean;
}

/**
 * Whether the machines boot from a copy, since the release publishes no image in the region. Once machines exist, the stream is that of the release that was installed,
 * whatever `release` says since: a copy that was made then stays.
 */
export async function isImageCopied(
  configuration: ImageConfiguration,
  stream: pulumi.Output<string>,
  phase: InstallationPhase,
): Promise<boolean> {
  if (!publishesImageIn(configuration)) return true;
  if (phase === "before-first-boot" || !publicationVaries(configuration)) return false;
  const installed = await known(stream);
  return installed !== undefined && !hasImageIn(installed, configuration.architecture, configuration.region);
}

/** The machines' first operating system: the release's own image, or an encrypted copy where the region has none. */
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
      if (from === undefined) throw new Error(`the release has no machine image that could be copied to ${region}`);
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
        // Machines boot from it once; the cluster updates its own operating system.
        { parent: this, ignoreChanges: ["sourceAmiId"] },
      );
      this.imageId = copy.id;
    }
    this.registerOutputs();
  }
}
