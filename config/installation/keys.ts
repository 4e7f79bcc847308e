import { choice, flag, integer, key, list } from "../key";
import { BASELINE_SETS } from "../releases/capability-sets";
import { capabilityProblem } from "./fields";

/** Minutes, as in openshift-install: 20 for the API and 30 for the bootstrap (openshift/installer, `cmd/openshift-install/create.go`). */
const BOOTSTRAP_MINUTES = 50;
/** Minutes: 40 for the cluster version and 30 for operators to become stable (the same file). */
const INSTALL_MINUTES = 70;
/** Eight hours: an installation that is not complete by then will not complete. */
const MAX_TIMEOUT_MINUTES = 480;

/** More than the number of capabilities that exist (openshift/api, ClusterVersionCapability). */
const MAX_CAPABILITIES = 32;

/** Keys for the installation. */
export const installationKeys = {
  bootstrapTimeout: key(integer(1, MAX_TIMEOUT_MINUTES, BOOTSTRAP_MINUTES), {
    description:
      "How long to wait for the control plane before the update fails with the reason; with dnsManagement user, also how long to wait for the DNS record of api.",
    unit: "minutes",
    example: "30",
    source: "openshift-install (wait-for bootstrap-complete, which gives up after 50 minutes)",
  }),
  installTimeout: key(integer(1, MAX_TIMEOUT_MINUTES, INSTALL_MINUTES), {
    description:
      "How long to wait for the rest of the cluster once the control plane is ready; with dnsManagement user, also how long to wait for the DNS record of *.apps.",
    unit: "minutes",
    example: "60",
    source: "openshift-install (wait-for install-complete, which gives up after 70 minutes)",
  }),
  credentialsMode: key(choice(["mint", "passthrough", "manual", ""], ""), {
    description:
      "How the cluster's components get their AWS credentials. mint: the cluster creates an IAM user for each component, with the credentials used for the installation. passthrough: every component uses the credentials of the installation. manual: each component has its own IAM role with short-lived credentials (STS), and the cluster holds no long-lived credentials; only this mode works with temporary credentials. Can't be changed once instances exist.",
    allowed: "mint, passthrough, manual",
    example: "manual",
    source: "OpenShift (credentialsMode)",
    whenEmpty: "manual when the AWS credentials in use are temporary, otherwise mint",
  }),
  fips: key(flag(false), {
    description:
      "Whether the nodes run in FIPS mode. The installation then needs openshift-install-fips, on a computer that is itself in FIPS mode. Can't be changed later.",
    example: "true",
    source: "OpenShift (fips)",
  }),
  baselineCapabilitySet: key(choice([...BASELINE_SETS, ""], ""), {
    description:
      "Baseline set of the release's optional capabilities to install. More capabilities can be added later, but none can be removed.",
    allowed: BASELINE_SETS.join(", "),
    example: "v4.16",
    source: "OpenShift (capabilities.baselineCapabilitySet)",
    whenEmpty: "all capabilities",
  }),
  additionalEnabledCapabilities: key(list(capabilityProblem, { max: MAX_CAPABILITIES }), {
    description: "Capabilities to install in addition to those of baselineCapabilitySet.",
    allowed: "names of capabilities, spelled as in ClusterVersion",
    example: '["Console", "Storage"]',
    source: "OpenShift (capabilities.additionalEnabledCapabilities)",
    whenEmpty: "none",
  }),
} as const;
