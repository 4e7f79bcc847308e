/** Settings of shared storage that are refused, and the keys that the error names. */
import { type RefusedConfiguration, testRefusals } from "../refusals";

const VOLUME = { name: "web-files", path: "/web", namespace: "web" };
const OWN = { efsFileSystem: true };
const WITHOUT_TLS = { ...OWN, efsRequireTls: false };
const CLASS = { type: "efs", name: "shared" };
const ID = "fs-0123456789abcdef0";

const REFUSED: readonly RefusedConfiguration[] = [
  ["a new and an existing file system", { ...OWN, efsFileSystemId: ID }, ["efsFileSystemId"]],
  ["an ID that is a mount target's", { efsFileSystemId: "fsmt-0123456789abcdef0" }, ["efsFileSystemId"]],
  ["settings of a file system that does not exist", { efsThroughputMode: "bursting" }, ["efsThroughputMode"]],
  ["a KMS key without a file system", { efsKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0" }, ["efsKmsKeyArn"]],
  ["a KMS key in another region", { ...OWN, efsKmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/0" }, ["efsKmsKeyArn"]],
  ["provisioned throughput without a number", { ...OWN, efsThroughputMode: "provisioned" }, ["efsProvisionedThroughput"]],
  ["a throughput that elastic mode ignores", { ...OWN, efsProvisionedThroughput: 64 }, ["efsProvisionedThroughput"]],
  ["Max I/O with elastic throughput", { ...OWN, efsPerformanceMode: "maxIO" }, ["efsPerformanceMode"]],
  ["ten days until infrequent access", { ...OWN, efsInfrequentAccessDays: 10 }, ["efsInfrequentAccessDays"]],
  ["volumes without a file system", { efsVolumes: [VOLUME], efsRequireTls: false }, ["efsVolumes"]],
  ["volumes that the file system would refuse to mount", { ...OWN, efsVolumes: [VOLUME] }, ["efsVolumes"]],
  ["a relative path", { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, path: "web" }] }, ["efsVolumes"]],
  ["a path that leaves its directory", { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, path: "/web/../db" }] }, ["efsVolumes"]],
  ["a size without a number", { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, size: "large" }] }, ["efsVolumes"]],
  ["a size of zero", { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, size: "0" }] }, ["efsVolumes"]],
  [
    "a claim in a namespace of the platform",
    { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, namespace: "openshift-config" }] },
    ["efsVolumes"],
  ],
  ["a claim with capitals", { ...WITHOUT_TLS, efsVolumes: [{ ...VOLUME, claim: "Files" }] }, ["efsVolumes"]],
  ["two volumes with one name", { ...WITHOUT_TLS, efsVolumes: [VOLUME, { ...VOLUME, claim: "other" }] }, ["efsVolumes"]],
  ["two volumes for one claim", { ...WITHOUT_TLS, efsVolumes: [VOLUME, { ...VOLUME, name: "more", claim: "web-files" }] }, ["efsVolumes"]],
  ["a class without a file system", { storageClasses: [CLASS] }, ["storageClasses"]],
  ["a class with half a range of group IDs", { ...OWN, storageClasses: [{ ...CLASS, gidRangeStart: 3000 }] }, ["storageClasses"]],
  [
    "a class with a range that ends before it starts",
    { ...OWN, storageClasses: [{ ...CLASS, gidRangeStart: 4000, gidRangeEnd: 3000 }] },
    ["storageClasses"],
  ],
  ["a class with the permissions rwx", { ...OWN, storageClasses: [{ ...CLASS, directoryPerms: "rwx" }] }, ["storageClasses"]],
];

testRefusals(REFUSED);
