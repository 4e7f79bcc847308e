import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";

export interface HostSecretArgs {
  readonly naming: Naming;
  /** `<infraID>-<suffix>` is its name. */
  readonly suffix: string;
  readonly description: string;
  /** Customer managed key; without it AWS's own `aws/secretsmanager` encrypts. */
  readonly kmsKeyArn?: string;
}

/** A secret that the installer host fetches by itself. A deleted one is gone at once, so that a cluster of the same name can follow. */
export class HostSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(
    private readonly baseName: string,
    args: HostSecretArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:installer:HostSecret", baseName, {}, opts);
    const { naming, suffix } = args;
    const secret = new aws.secretsmanager.Secret(
      baseName,
      {
        name: naming.name(suffix),
        description: args.description,
        kmsKeyId: args.kmsKeyArn,
        recoveryWindowInDays: 0,
        tags: naming.tagsWithoutClusterTag(suffix),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.arn = secret.arn;
    this.registerOutputs();
  }

  /** Gives it its value: text that the host's script reads (`encodeFiles`); secret. What is returned stands when there is something to fetch. */
  fill(files: pulumi.Input<string>): pulumi.Resource {
    return new aws.secretsmanager.SecretVersion(
      `${this.baseName}-version`,
      { secretId: this.arn, secretString: pulumi.secret(files) },
      { parent: this },
    );
  }
}
