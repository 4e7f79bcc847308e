import type { StackConfiguration } from "./topology";

/** The smallest cluster that is installed in the sandbox: one node, without an installer host. A test adds the cluster's name and a release. */
export const singleNode: StackConfiguration = {
  "aws:region": "us-east-1",
  installerHost: false,
  baseDomain: "okd.example.com",
  zones: ["us-east-1a"],
  natGateways: "single",
  masterCount: 1,
  masterInstanceType: "m6i.2xlarge",
  protectMasters: false,
  workerCount: 0,
};
