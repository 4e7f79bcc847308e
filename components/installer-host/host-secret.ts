import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../naming";

export interface HostSecretArgs {
  readonly naming: Naming;
  /** The secret's name is `<infraID>-<suffix>`. */
  readonly suffix: string;
  readonly description: string;
  /** Customer managed KMS key; without it AWS's own key `aws/secretsmanager` encrypts. */
  readonly kmsKeyArn?: string;
}

/**
 * A secret that the installer host fetches. It is deleted without a recovery window, so that a cluster with the same name can be created at
 * once.
 */
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

  /**
   * Sets the secret's value: the files that the host's script reads, written by `encodeFiles`. When the returned resource exists, the host can
   * fetch the value.
   *
   * @param files encoded files; their content is secret
   */
  fill(files: pulumi.Input<string>): pulumi.Resource {
    return new aws.secretsmanager.SecretVersion(
      `${this.baseName}-version`,
      { secretId: this.arn, secretString: pulumi.secret(files) },
      { parent: this },
    );
  }
}
