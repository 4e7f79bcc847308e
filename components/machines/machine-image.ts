import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import { publishesImageIn, sourceRegion, streamImage } from "../../ignition/coreos-stream";
import type { Naming } from "../naming";

export interface MachineImageArgs {
  readonly naming: Naming;
  readonly configuration: Pick<Configuration, "distribution" | "region" | "architecture" | "volumeKmsKeyArn">;
  /** What `openshift-install coreos print-stream-json` of the release printed. */
  readonly stream: pulumi.Input<string>;
}

/** The machines' first operating system: the release's own image, or an encrypted copy where the region has none. */
export class MachineImage extends pulumi.ComponentResource {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: MachineImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:MachineImage", name, {}, opts);
    const { naming, configuration } = args;
    const { distribution, region, architecture, volumeKmsKeyArn } = configuration;
    if (publishesImageIn(distribution, region)) {
      this.imageId = pulumi.output(args.stream).apply((stream) => streamImage(stream, architecture, region));
    } else {
      const from = sourceRegion(region);
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
