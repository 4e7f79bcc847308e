import { parseConfiguration } from "../../../config/parse";
import { ECDSA, PRIVATE_KEY } from "./key-material";
import { ConfigurationError, type ConfigurationProblem } from "../../../config/configuration-error";
import type { ConfigurationContext } from "../../../config/parse";

/** A complete and correct configuration, as `pulumi.runtime.allConfig()` gives it. */
export const VALID: Readonly<Record<string, string>> = {
  "aws:region": "us-east-1",
  "okd-aws:clusterName": "dev",
  "okd-aws:baseDomain": "okd.example.com",
  "okd-aws:release": "4.19.0-okd-scos.1",
  "okd-aws:zones": '["us-east-1a","us-east-1b","us-east-1c"]',
  "okd-aws:adminCidrs": '["198.51.100.0/24"]',
  // Most rules about the installer host need these keys.
  "okd-aws:executor": "ssh",
  "okd-aws:installerHostImageId": "ami-0123456789abcdef0",
};

/** A pull secret with credentials for each registry that OpenShift's images come from. */
export const PULL_SECRET_JSON = JSON.stringify({
  auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }])),
});

/** The keys of an OpenShift cluster; `VALID` is an OKD cluster. */
export const OPENSHIFT: Readonly<Record<string, unknown>> = { distribution: "openshift", release: "4.19.3", pullSecret: PULL_SECRET_JSON };

/** A cluster whose nodes have no egress to the internet, and whose installer host has egress. */
export const RESTRICTED: Readonly<Record<string, unknown>> = {
  executor: "local",
  installerHost: true,
  mirror: "restricted",
  credentialsMode: "passthrough",
};

/** A cluster whose nodes and installer host have no egress to the internet. */
export const AIR_GAPPED: Readonly<Record<string, unknown>> = {
  ...RESTRICTED,
  mirror: "air-gapped",
  mirrorArchive: "s3://okd-archive/4.19",
  publish: "Internal",
  releaseImage: `quay.io/okd/scos-release@sha256:${"0123456789abcdef".repeat(4)}`,
};

/** A cluster without an installer host. */
export const WITHOUT_HOST: Readonly<Record<string, unknown>> = { executor: "local", installerHost: false, installerHostImageId: "" };

/** The keys that put the cluster of `VALID` into an existing VPC. */
export const IN_EXISTING_VPC: Readonly<Record<string, unknown>> = {
  zones: "",
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-00000001", "subnet-00000002", "subnet-00000003"],
  publicSubnetIds: ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"],
  machineCidr: "10.20.0.0/16",
};

/** The keys for an installer host that is reached through a bastion. */
export const THROUGH_BASTION: Readonly<Record<string, unknown>> = {
  installerHostAccess: "bastion",
  bastionHost: "bastion.example.com",
  bastionUser: "ec2-user",
  bastionHostKey: `${ECDSA}\n`,
  bastionPrivateKey: PRIVATE_KEY,
};

/** `VALID` with these changes. A key without a colon gets the prefix `okd-aws:`; `undefined` removes a key. */
export function withKeys(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const all: Record<string, unknown> = { ...VALID };
  for (const [key, value] of Object.entries(changes)) {
    const name = key.includes(":") ? key : `okd-aws:${key}`;
    all[name] = typeof value === "string" || value === undefined ? value : JSON.stringify(value);
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The problems of a configuration; empty if it has none. */
export function problemsOf(raw: Readonly<Record<string, unknown>>, context?: ConfigurationContext): readonly ConfigurationProblem[] {
  try {
    parseConfiguration(raw, context);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

/** The key of each problem. A key with two problems appears twice. */
export function problemKeys(changes: Readonly<Record<string, unknown>>): string[] {
  return problemsOf(withKeys(changes)).map(({ key }) => key);
}
