/** The settings of shared storage that the program derives from the configuration's keys. */
import { parseConfiguration } from "../../../../config/parse";
import { withKeys } from "../fixture";

const sharedStorageOf = (keys: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(keys)).platform.sharedStorage;
const key = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

test("without a file system there is no shared storage", () => {
  expect(sharedStorageOf({})).toBeUndefined();
});

test("a new file system stays after a destroy, is backed up, refuses mounts without TLS, and has the volumes' KMS key", () => {
  expect(sharedStorageOf({ efsFileSystem: true, volumeKmsKeyArn: key })).toEqual({
    fileSystem: {
      kind: "new",
      throughputMode: "elastic",
      performanceMode: "generalPurpose",
      kmsKeyArn: key,
      kmsKeyIsShared: true,
      infrequentAccessDays: 30,
      backup: true,
      requireTls: true,
      keep: true,
    },
    volumes: [],
  });
});

test("a file system has the configured throughput, and no lifecycle rule if efsInfrequentAccessDays is 0", () => {
  const keys = { efsFileSystem: true, efsThroughputMode: "provisioned", efsProvisionedThroughput: 64, efsInfrequentAccessDays: 0 };
  const found = sharedStorageOf(keys)?.fileSystem;
  expect(found).toMatchObject({ throughputMode: "provisioned", provisionedMibps: 64 });
  expect(found).not.toHaveProperty("infrequentAccessDays");
});

test("an existing file system may have volumes without efsRequireTls, because the user sets its policy", () => {
  const efsVolumes = [
    { name: "web-files", namespace: "web" },
    { name: "logs", path: "/logs", size: "1Ti", namespace: "ops", claim: "l", createClaim: true },
  ];
  expect(sharedStorageOf({ efsFileSystemId: "fs-0123456789abcdef0", efsVolumes })).toEqual({
    fileSystem: { kind: "existing", id: "fs-0123456789abcdef0" },
    volumes: [
      { name: "web-files", path: "/", size: "100Gi", claim: { namespace: "web", name: "web-files", create: false } },
      { name: "logs", path: "/logs", size: "1Ti", claim: { namespace: "ops", name: "l", create: true } },
    ],
  });
});

test("the settings of a new file system are ignored if efsFileSystemId names one", () => {
  const keys = { efsFileSystemId: "fs-0123456789abcdef0", efsKmsKeyArn: key, efsThroughputMode: "bursting", efsPerformanceMode: "maxIO" };
  expect(sharedStorageOf(keys)?.fileSystem).toEqual({ kind: "existing", id: "fs-0123456789abcdef0" });
});
