import { choice, flag, integer, key, list } from "../key";
import { BASELINE_SETS } from "../releases/capability-sets";
import { capabilityFlaw } from "../rules/capabilities";

/** Minutes: what openshift-install itself waits, 20 for the API and 30 for the bootstrap (openshift/installer, `cmd/openshift-install/create.go`). */
const BOOTSTRAP_MINUTES = 50;
/** Minutes: 40 for the cluster version and 30 for operators to become stable (the same file). */
const INSTALL_MINUTES = 70;
/** A working day: longer is a cluster that doesn't come up. */
const MOST_MINUTES = 480;

/** More than there are (openshift/api, ClusterVersionCapability). */
const MOST_CAPABILITIES = 32;

/** How the cluster is brought up. */
export const installationKeys = {
  bootstrapTimeout: key(integer(1, MOST_MINUTES, BOOTSTRAP_MINUTES), {
    description:
      "How long the control plane may take to come up before the update fails and says why; with dnsManagement user also how long the record of api may take.",
    unit: "minutes",
    example: "30",
    source: "openshift-install (wait-for bootstrap-complete, which itself gives up after 50)",
  }),
  installTimeout: key(integer(1, MOST_MINUTES, INSTALL_MINUTES), {
    description:
      "How long the rest of the cluster may take after that; with dnsManagement user also how long the record of *.apps may take.",
    unit: "minutes",
    example: "60",
    source: "openshift-install (wait-for install-complete, which itself gives up after 70)",
  }),
  credentialsMode: key(choice(["mint", "passthrough", "manual", ""], ""), {
    description:
      "How the cluster's components get their AWS credentials. mint: the cluster makes a user for each, with the credentials that it is installed with. passthrough: all have those. manual: each has a role of its own and short-lived credentials for it (STS), and the cluster holds no lasting ones; this alone works with temporary credentials. Can't be changed once machines exist.",
    allowed: "mint, passthrough, manual",
    example: "manual",
    source: "OpenShift (credentialsMode)",
    whenEmpty: "manual when the AWS credentials in use are temporary, otherwise mint",
  }),
  fips: key(flag(false), {
    description:
      "Whether the machines run in FIPS mode. The installer has to be openshift-install-fips, on a machine that is in FIPS mode itself. Can't be changed later.",
    example: "true",
    source: "OpenShift (fips)",
  }),
  baselineCapabilitySet: key(choice([...BASELINE_SETS, ""], ""), {
    description:
      "The optional parts of the release that are installed, as a set. What is left out can be added later, but never removed again.",
    allowed: BASELINE_SETS.join(", "),
    example: "v4.16",
    source: "OpenShift (capabilities.baselineCapabilitySet)",
    whenEmpty: "all of them",
  }),
  additionalEnabledCapabilities: key(list(capabilityFlaw, { most: MOST_CAPABILITIES }), {
    description: "Optional parts that are installed besides those of baselineCapabilitySet.",
    allowed: "names of capabilities, as they are spelt in ClusterVersion",
    example: '["Console", "Storage"]',
    source: "OpenShift (capabilities.additionalEnabledCapabilities)",
    whenEmpty: "none",
  }),
} as const;
