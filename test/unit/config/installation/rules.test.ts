import { IN_EXISTING_VPC, OPENSHIFT } from "../fixture";
import { ED25519 } from "../key-material";
import { testRefusals } from "../refusals";

const NEEDED = ["CloudCredential", "Ingress", "CloudControllerManager"];

/** How the cluster is installed: credentials, FIPS, capabilities. */
testRefusals([
  ["an unknown credentials mode", { credentialsMode: "sts" }, ["credentialsMode"]],
  ["a credentials mode in the installer's spelling", { credentialsMode: "Manual" }, ["credentialsMode"]],
  [
    "mint mode with a zone of another account",
    {
      ...IN_EXISTING_VPC,
      credentialsMode: "mint",
      privateZoneId: "Z0123456789ABC",
      privateZoneRoleArn: "arn:aws:iam::210987654321:role/shared",
    },
    ["credentialsMode"],
  ],
  ["FIPS with OKD", { fips: true }, ["fips"]],
  ["FIPS on Graviton machines", { ...OPENSHIFT, fips: true, masterInstanceType: "m7g.xlarge", workerInstanceType: "m7g.xlarge" }, ["fips"]],
  ["FIPS with a key that its sshd refuses", { ...OPENSHIFT, executor: "local", fips: true, sshPublicKey: ED25519 }, ["sshPublicKey"]],
  [
    "an unknown capability",
    { baselineCapabilitySet: "vCurrent", additionalEnabledCapabilities: ["Logging"] },
    ["additionalEnabledCapabilities"],
  ],
  [
    "a capability that is misspelt",
    { baselineCapabilitySet: "vCurrent", additionalEnabledCapabilities: ["console"] },
    ["additionalEnabledCapabilities"],
  ],
  [
    "a capability that only a later release has",
    { release: "4.17.0-okd-scos.0", baselineCapabilitySet: "vCurrent", additionalEnabledCapabilities: ["OperatorLifecycleManagerV1"] },
    ["additionalEnabledCapabilities"],
  ],
  [
    "a capability set that only a later release has",
    { release: "4.17.0-okd-scos.0", baselineCapabilitySet: "v4.18" },
    ["baselineCapabilitySet"],
  ],
  ["an unknown set", { baselineCapabilitySet: "v4.10" }, ["baselineCapabilitySet"]],
  ["capabilities in addition to all", { additionalEnabledCapabilities: ["Console"] }, ["additionalEnabledCapabilities"]],
  // Each of the three problems names one capability: CloudCredential, Ingress or CloudControllerManager.
  [
    "a cluster without a capability that every cluster on AWS needs",
    { baselineCapabilitySet: "None" },
    ["baselineCapabilitySet", "baselineCapabilitySet", "baselineCapabilitySet"],
  ],
  [
    "a capability set of a release in which a needed capability was not optional yet",
    { baselineCapabilitySet: "v4.15" },
    ["baselineCapabilitySet", "baselineCapabilitySet"],
  ],
  [
    "the marketplace without the Operator Lifecycle Manager",
    { baselineCapabilitySet: "None", additionalEnabledCapabilities: [...NEEDED, "marketplace"] },
    ["baselineCapabilitySet"],
  ],
]);
