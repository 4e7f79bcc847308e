import { integer, key } from "../key";

/** Minutes: what openshift-install itself waits, 20 for the API and 30 for the bootstrap (openshift/installer, `cmd/openshift-install/create.go`). */
const BOOTSTRAP_MINUTES = 50;
/** Minutes: 40 for the cluster version and 30 for operators to become stable (the same file). */
const INSTALL_MINUTES = 70;
/** A working day: longer is a cluster that doesn't come up. */
const MOST_MINUTES = 480;

/** How the cluster is brought up. */
export const installationKeys = {
  bootstrapTimeout: key(integer(1, MOST_MINUTES, BOOTSTRAP_MINUTES), {
    description: "How long the control plane may take to come up before the update fails and says why.",
    unit: "minutes",
    example: "30",
    source: "openshift-install (wait-for bootstrap-complete, which itself gives up after 50)",
  }),
  installTimeout: key(integer(1, MOST_MINUTES, INSTALL_MINUTES), {
    description: "How long the rest of the cluster may take after that.",
    unit: "minutes",
    example: "60",
    source: "openshift-install (wait-for install-complete, which itself gives up after 70)",
  }),
} as const;
