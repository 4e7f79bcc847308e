import type { ApiItem } from "../../lib/kubernetes/client";

/** The data of an EC2 instance by which its node is found. */
export interface NodeMachine {
  /** Instance ID. */
  readonly machine: string;
  /** EC2's `PrivateDnsName`. The node's name has the same host name, but ends with the domain in the VPC's DHCP options. */
  readonly node: string;
}

/** The part of a node that shows to which instance it belongs. */
export interface ProvidedNode extends ApiItem {
  readonly spec?: { readonly providerID?: string };
}

/**
 * Whether a node belongs to an instance: the node has the instance's ID in its provider ID, and the instance's host name.
 *
 * Every kubelet is started with `--provider-id=aws:///<zone>/<instance>` (openshift/machine-config-operator,
 * `templates/common/aws/files/usr-local-bin-aws-kubelet-providerid.yaml`, main). A node could claim another instance's ID. It can't claim another
 * instance's host name: the certificate approver has verified the node's host name, and no two instances of a VPC have the same host name.
 */
export function isNodeOf({ metadata, spec }: ProvidedNode, { machine, node }: NodeMachine): boolean {
  const instance = /^aws:\/\/\/[^/]*\/(i-[^/]+)$/.exec(spec?.providerID ?? "")?.[1];
  return instance === machine && hostName(metadata.name) === hostName(node);
}

function hostName(name: string): string {
  return name.toLowerCase().split(".")[0];
}
