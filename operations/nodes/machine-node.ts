import type { ApiItem } from "../authentication/cluster-client";

/** An EC2 instance, as a node is found by it. */
export interface NodeMachine {
  /** Its instance ID. */
  readonly machine: string;
  /** EC2's `PrivateDnsName`. The node has the same host name, but its domain is that of the VPC's DHCP options. */
  readonly node: string;
}

/** A node, as far as it is told to which machine it belongs. */
export interface ProvidedNode extends ApiItem {
  readonly spec?: { readonly providerID?: string };
}

/**
 * Whether a node is a machine's: it names the instance as its provider, and has its host name.
 *
 * Every kubelet is started with `--provider-id=aws:///<zone>/<instance>` (openshift/machine-config-operator,
 * `templates/common/aws/files/usr-local-bin-aws-kubelet-providerid.yaml`, main). A node could name another machine's instance; the host name is
 * what the certificate approver has verified, and no two machines of a VPC have the same.
 */
export function isNodeOf({ metadata, spec }: ProvidedNode, { machine, node }: NodeMachine): boolean {
  const instance = /^aws:\/\/\/[^/]*\/(i-[^/]+)$/.exec(spec?.providerID ?? "")?.[1];
  return instance === machine && hostName(metadata.name) === hostName(node);
}

function hostName(name: string): string {
  return name.toLowerCase().split(".")[0];
}
