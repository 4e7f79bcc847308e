import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/** Key size of openshift/cloud-credential-operator's tool (`pkg/cmd/provisioning/create_key_pair.go`). */
const bits = 4096;

/** Creates the key pair. */
export const signingKeyProvider: pulumi.dynamic.ResourceProvider<object, { publicKey: string; privateKey: string }> = {
  async create() {
    const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
      modulusLength: bits,
      publicKeyEncoding: { type: "spki", format: "pem" },
      // The format that openshift-install reads.
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    return { id: "signing-key", outs: { publicKey, privateKey } };
  },
  diff: () => Promise.resolve({ changes: false }),
};

/** The RSA key with which the cluster signs its service accounts' tokens, so that AWS trusts them. It is created once. */
export class SigningKey extends pulumi.dynamic.Resource {
  /** Public key in PEM format. */
  declare readonly publicKey: pulumi.Output<string>;
  /** Private key in PEM format; secret. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["privateKey"] }, opts);
    super(signingKeyProvider, name, { publicKey: undefined, privateKey: undefined }, options, "okd", "SigningKey");
  }
}
