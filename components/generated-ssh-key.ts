import * as pulumi from "@pulumi/pulumi";
import { utils } from "ssh2";

/** Makes the pair. */
export const sshKeyProvider: pulumi.dynamic.ResourceProvider<object, { publicKey: string; privateKey: string }> = {
  create() {
    const pair = utils.generateKeyPairSync("ed25519", { comment: "core" });
    return Promise.resolve({ id: "ssh-key", outs: { publicKey: pair.public, privateKey: pair.private } });
  },
  diff: () => Promise.resolve({ changes: false }),
};

/** An ed25519 key pair for the user core, made once, for stacks that configure no key of their own. */
export class GeneratedSshKey extends pulumi.dynamic.Resource {
  /** OpenSSH's one-line form. */
  declare readonly publicKey: pulumi.Output<string>;
  /** OpenSSH's PEM form; secret. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts);
    super(sshKeyProvider, name, { publicKey: undefined, privateKey: undefined }, options, "okd", "GeneratedSshKey");
  }
}
