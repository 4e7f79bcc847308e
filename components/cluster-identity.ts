import { randomInt, randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { infraIdPrefix, suffixAlphabet, suffixLength } from "../lib/openshift/infra-id";

export interface ClusterIdentityArgs {
  readonly clusterName: string;
  /** `<clusterName>.<baseDomain>`. */
  readonly clusterDomain: string;
}

interface IdentityInputs {
  readonly prefix: string;
  readonly clusterDomain: string;
}

/**
 * Creates the identity once. A changed cluster name or base domain is an error: every name and tag in AWS derives from the identity, and
 * instances that booted with the old names would not be found under new ones.
 */
export const clusterIdentityProvider: pulumi.dynamic.ResourceProvider<
  IdentityInputs,
  IdentityInputs & { infraId: string; clusterId: string }
> = {
  create({ prefix, clusterDomain }) {
    const suffix = Array.from({ length: suffixLength }, () => suffixAlphabet[randomInt(suffixAlphabet.length)]).join("");
    const infraId = `${prefix}-${suffix}`;
    return Promise.resolve({ id: infraId, outs: { prefix, clusterDomain, infraId, clusterId: randomUUID() } });
  },
  diff(id, olds, news) {
    if (olds.clusterDomain !== news.clusterDomain) {
      return Promise.reject(
        new Error(
          `the cluster ${id} can't become ${news.clusterDomain}: ${olds.clusterDomain} is part of its certificates, DNS and AWS names. ` +
            `Set clusterName and baseDomain back to their former values, or destroy the stack first.`,
        ),
      );
    }
    return Promise.resolve({ changes: false });
  },
};

/** The cluster's identity, from which all its names and tags derive. It is the stack's first resource and never changes. */
export class ClusterIdentity extends pulumi.dynamic.Resource {
  /** At most 27 characters: the cluster's name, shortened if necessary, a dash and five random characters. */
  declare readonly infraId: pulumi.Output<string>;
  /** UUID under which the cluster reports itself (`ClusterVersion.spec.clusterID`). */
  declare readonly clusterId: pulumi.Output<string>;

  constructor(name: string, { clusterName, clusterDomain }: ClusterIdentityArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { prefix: infraIdPrefix(clusterName), clusterDomain, infraId: undefined, clusterId: undefined };
    super(clusterIdentityProvider, name, inputs, opts, "okd", "ClusterIdentity");
  }
}
