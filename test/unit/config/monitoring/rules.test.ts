/** Settings of monitoring that are refused, and the keys that the error names. */
import { type RefusedConfiguration, testRefusals } from "../refusals";

const NFS = { type: "nfs", name: "archive", server: "nfs.example.com", share: "/export" };
const EFS = { type: "efs", name: "shared", fileSystemId: "fs-0123456789abcdef0" };

const REFUSED: readonly RefusedConfiguration[] = [
  ["a retention without a unit", { monitoringRetention: "15" }, ["monitoringRetention"]],
  ["a retention in an unknown unit", { monitoringRetention: "1month" }, ["monitoringRetention"]],
  ["a retention with its units in the wrong order", { monitoringRetention: "12h1d" }, ["monitoringRetention"]],
  ["a fraction of a day", { monitoringRetention: "1.5d" }, ["monitoringRetention"]],
  ["a retention of centuries", { monitoringRetention: "999y" }, ["monitoringRetention"]],
  ["a retention of zero", { monitoringRetention: "0d" }, ["monitoringRetention"]],
  ["a size as a Kubernetes quantity", { monitoringRetentionSize: "80Gi" }, ["monitoringRetentionSize"]],
  ["a size of zero", { monitoringRetentionSize: "0GiB" }, ["monitoringRetentionSize"]],
  ["metrics that nearly fill their volume", { prometheusVolumeGib: 100, monitoringRetentionSize: "86GB" }, ["monitoringRetentionSize"]],
  ["a volume below zero", { prometheusVolumeGib: -1 }, ["prometheusVolumeGib"]],
  ["a storage class with capitals", { monitoringStorageClass: "Fast", prometheusVolumeGib: 100 }, ["monitoringStorageClass"]],
  ["a storage class without a volume", { monitoringStorageClass: "gp3-csi" }, ["monitoringStorageClass"]],
  ...[NFS, EFS].map((each): RefusedConfiguration => [
    `metrics on ${each.type}`,
    { storageClasses: [each], monitoringStorageClass: each.name, prometheusVolumeGib: 100 },
    ["monitoringStorageClass"],
  ]),
  ["infra nodes that do not exist", { monitoringOnInfraNodes: true }, ["monitoringOnInfraNodes"]],
  ["one infra node for two pods", { monitoringOnInfraNodes: true, infraCount: 1 }, ["monitoringOnInfraNodes"]],
  [
    "settings for the users' metrics, which are not collected",
    { userWorkloadRetention: "7d", userWorkloadVolumeGib: 50 },
    ["userWorkloadRetention", "userWorkloadVolumeGib"],
  ],
  [
    "a retention of the users' metrics in words",
    { userWorkloadMonitoring: true, userWorkloadRetention: "a week" },
    ["userWorkloadRetention"],
  ],
];

testRefusals(REFUSED);
