/**
 * Every ingress rule of an instance's security group, written out pair by pair, as openshift/installer has it in
 * `upi/aws/cloudformation/03_cluster_security.yaml` (nodes; logical names in the last column) and `04_cluster_bootstrap.yaml` (bootstrap instance). The list is
 * written by hand and never computed from the program's own table, because tests compare that table with this list.
 */
export type SecurityGroupFact = readonly [
  to: "masters" | "workers" | "bootstrap",
  from: "machine-network" | "masters" | "workers" | "admins",
  protocol: "tcp" | "udp" | "icmp" | "esp",
  firstPort: number | null,
  lastPort: number | null,
  source: string,
];

export const ingressFacts: readonly SecurityGroupFact[] = [
  ["masters", "machine-network", "icmp", null, null, "MasterSecurityGroup"],
  ["masters", "machine-network", "tcp", 22, 22, "MasterSecurityGroup"],
  ["masters", "machine-network", "tcp", 6443, 6443, "MasterSecurityGroup"],
  ["masters", "machine-network", "tcp", 22623, 22623, "MasterSecurityGroup"],
  ["workers", "machine-network", "icmp", null, null, "WorkerSecurityGroup"],
  ["workers", "machine-network", "tcp", 22, 22, "WorkerSecurityGroup"],

  ["masters", "masters", "tcp", 2379, 2380, "MasterIngressEtcd"],

  ["masters", "masters", "udp", 4789, 4789, "MasterIngressVxlan"],
  ["masters", "workers", "udp", 4789, 4789, "MasterIngressWorkerVxlan"],
  ["workers", "workers", "udp", 4789, 4789, "WorkerIngressVxlan"],
  ["workers", "masters", "udp", 4789, 4789, "WorkerIngressMasterVxlan"],

  ["masters", "masters", "udp", 6081, 6081, "MasterIngressGeneve"],
  ["masters", "workers", "udp", 6081, 6081, "MasterIngressWorkerGeneve"],
  ["workers", "workers", "udp", 6081, 6081, "WorkerIngressGeneve"],
  ["workers", "masters", "udp", 6081, 6081, "WorkerIngressMasterGeneve"],

  ["masters", "masters", "udp", 500, 500, "MasterIngressIpsecIke"],
  ["masters", "workers", "udp", 500, 500, "MasterIngressWorkerIpsecIke"],
  ["workers", "workers", "udp", 500, 500, "WorkerIngressIpsecIke"],
  ["workers", "masters", "udp", 500, 500, "WorkerIngressMasterIpsecIke"],

  ["masters", "masters", "udp", 4500, 4500, "MasterIngressIpsecNat"],
  ["masters", "workers", "udp", 4500, 4500, "MasterIngressWorkerIpsecNat"],
  ["workers", "workers", "udp", 4500, 4500, "WorkerIngressIpsecNat"],
  ["workers", "masters", "udp", 4500, 4500, "WorkerIngressMasterIpsecNat"],

  ["masters", "masters", "esp", null, null, "MasterIngressIpsecEsp"],
  ["masters", "workers", "esp", null, null, "MasterIngressWorkerIpsecEsp"],
  ["workers", "workers", "esp", null, null, "WorkerIngressIpsecEsp"],
  ["workers", "masters", "esp", null, null, "WorkerIngressMasterIpsecEsp"],

  ["masters", "masters", "tcp", 9000, 9999, "MasterIngressInternal"],
  ["masters", "workers", "tcp", 9000, 9999, "MasterIngressWorkerInternal"],
  ["workers", "workers", "tcp", 9000, 9999, "WorkerIngressInternal"],
  ["workers", "masters", "tcp", 9000, 9999, "WorkerIngressMasterInternal"],

  ["masters", "masters", "udp", 9000, 9999, "MasterIngressInternalUDP"],
  ["masters", "workers", "udp", 9000, 9999, "MasterIngressWorkerInternalUDP"],
  ["workers", "workers", "udp", 9000, 9999, "WorkerIngressInternalUDP"],
  ["workers", "masters", "udp", 9000, 9999, "WorkerIngressMasterInternalUDP"],

  ["masters", "masters", "tcp", 30000, 32767, "MasterIngressIngressServices"],
  ["masters", "workers", "tcp", 30000, 32767, "MasterIngressWorkerIngressServices"],
  ["workers", "workers", "tcp", 30000, 32767, "WorkerIngressIngressServices"],
  ["workers", "masters", "tcp", 30000, 32767, "WorkerIngressMasterIngressServices"],

  ["masters", "masters", "udp", 30000, 32767, "MasterIngressIngressServicesUDP"],
  ["masters", "workers", "udp", 30000, 32767, "MasterIngressWorkerIngressServicesUDP"],
  ["workers", "workers", "udp", 30000, 32767, "WorkerIngressIngressServicesUDP"],
  ["workers", "masters", "udp", 30000, 32767, "WorkerIngressMasterIngressServicesUDP"],

  ["masters", "masters", "tcp", 10250, 10259, "MasterIngressKube"],
  ["masters", "workers", "tcp", 10250, 10259, "MasterIngressWorkerKube"],
  ["workers", "workers", "tcp", 10250, 10250, "WorkerIngressKube"],
  ["workers", "masters", "tcp", 10250, 10250, "WorkerIngressWorkerKube"],

  ["bootstrap", "admins", "tcp", 22, 22, "BootstrapSecurityGroup"],
  ["bootstrap", "admins", "tcp", 19531, 19531, "BootstrapSecurityGroup"],
];

/** Each security group allows all egress. This is EC2's own default, which the provider removes from a new security group. */
export const egressFacts = ["masters", "workers", "bootstrap"] as const;

/** IANA's protocol number of ESP, in the EC2 API's spelling. */
export const espInTheEc2Api = "50";
