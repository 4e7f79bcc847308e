import { IN_EXISTING_VPC, OPENSHIFT } from "../fixture";
import { ED25519 } from "../key-material";
import { testRefusals } from "../refusals";

const NEEDED = ["CloudCredential", "Ingress", "CloudControllerManager"];

/** How the cluster is installed: credentials, FIPS, capabilities. */
testRefusals([
  ["an unknown credentials mode", { credentialsMode: "sts" }, ["credentialsMode"]],
  ["a credentials mode as the installer spells it", { credentialsMode: "Manual" }, ["credentialsMode"]],
  [
    "minted users for another account's zone",
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
    "a capability that a later release has",
    { release: "4.17.0-okd-scos.0", baselineCapabilitySet: "vCurrent", additionalEnabledCapabilities: ["OperatorLifecycleManagerV1"] },
    ["additionalEnabledCapabilities"],
  ],
  ["a set that a later release has", { release: "4.17.0-okd-scos.0", baselineCapabilitySet: "v4.18" }, ["baselineCapabilitySet"]],
  ["an unknown set", { baselineCapabilitySet: "v4.10" }, ["baselineCapabilitySet"]],
  ["capabilities besides all", { additionalEnabledCapabilities: ["Console"] }, ["additionalEnabledCapabilities"]],
  // CloudCredential, Ingress and CloudControllerManager.
  [
    "a cluster without what every one on AWS needs",
    { baselineCapabilitySet: "None" },
    ["baselineCapabilitySet", "baselineCapabilitySet", "baselineCapabilitySet"],
  ],
  ["a set of a time in which it wasn't optional", { baselineCapabilitySet: "v4.15" }, ["baselineCapabilitySet", "baselineCapabilitySet"]],
  [
    "a marketplace without the operators' manager",
    { baselineCapabilitySet: "None", additionalEnabledCapabilities: [...NEEDED, "marketplace"] },
    ["baselineCapabilitySet"],
  ],
]);
