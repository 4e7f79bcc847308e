/*
 * What machines may do in every release. The actions of the control plane's machines depend on the release: config/releases/facts.ts.
 */

/** Actions of the workers' and infra nodes' machines: the kubelet looks itself up. */
export const workerActions: readonly string[] = service("ec2", ["DescribeInstances", "DescribeRegions"]);

/** Actions of the bootstrap machine on every resource; besides, it may read the one object that holds its ignition config. */
export const bootstrapActions: readonly string[] = service("ec2", ["AttachVolume", "Describe*", "DetachVolume"]);

function service(prefix: string, actions: readonly string[]): string[] {
  return actions.map((action) => `${prefix}:${action}`);
}
