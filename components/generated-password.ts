import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Random bytes of a password: 192 bits. */
const BYTES = 24;

/** Makes a password once. It never changes while its resource exists. */
const generatedPasswordProvider: pulumi.dynamic.ResourceProvider<object, { readonly password: string }> = {
  create() {
    return Promise.resolve({ id: "generated-password", outs: { password: randomBytes(BYTES).toString("base64url") } });
  },
  diff() {
    return Promise.resolve({ changes: false });
  },
};

/** A random password, which only the encrypted state keeps. */
export class GeneratedPassword extends pulumi.dynamic.Resource {
  /** Secret: 32 letters, digits, hyphens and underscores. */
  declare readonly password: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["password"] }, opts);
    super(generatedPasswordProvider, name, { password: undefined }, options, "okd", "GeneratedPassword");
  }
}
