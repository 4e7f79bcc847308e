import * as pulumi from "@pulumi/pulumi";
import type * as ssh2 from "ssh2";
import { ed25519Pair } from "./ssh-key-pair";

interface Inputs {
  /** For nodes in FIPS mode, whose sshd does not accept ed25519. */
  readonly fips?: true;
}

/** Creates the key pair. */
export const sshKeyProvider: pulumi.dynamic.ResourceProvider<Inputs, { publicKey: string; privateKey: string }> = {
  create({ fips }) {
    // Loaded here, in the provider's process, so that a preview does not wait for the library. With require(), because a serialized provider
    // cannot contain an import().
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { utils } = require("ssh2") as typeof ssh2;
    const comment = "core";
    const pair = fips ? utils.generateKeyPairSync("ecdsa", { bits: 256, comment }) : ed25519Pair(utils, comment);
    return Promise.resolve({ id: "ssh-key", outs: { publicKey: pair.public, privateKey: pair.private } });
  },
  diff: () => Promise.resolve({ changes: false }),
};

/** A key pair for the user core: ed25519, or ecdsa in FIPS mode. It is created once, for stacks that configure no key. */
export class GeneratedSshKey extends pulumi.dynamic.Resource {
  /** OpenSSH's one-line format. */
  declare readonly publicKey: pulumi.Output<string>;
  /** OpenSSH's PEM format; secret. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, { fips }: { readonly fips: boolean }, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts);
    super(sshKeyProvider, name, { ...(fips && { fips }), publicKey: undefined, privateKey: undefined }, options, "okd", "GeneratedSshKey");
  }
}
