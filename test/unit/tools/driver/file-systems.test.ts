/** The effects of a destroy and a rebuild on the file system of shared volumes, computed from the state. */
import { deletedFileSystems, lostFileSystem } from "../../../../tools/driver/file-systems";

const type = "aws:efs/fileSystem:FileSystem";
const kept = { type, id: "fs-kept", retainOnDelete: true };
const deleted = { type, id: "fs-deleted" };
const bucket = { type: "aws:s3/bucket:Bucket", id: "assets" };

test("a destroy deletes the file systems that are not marked in the state to be kept", () => {
  expect(deletedFileSystems([bucket, kept, deleted])).toEqual(["fs-deleted"]);
});

describe("a rebuild", () => {
  const stack = "prod";

  test("is refused if the file system stays and the rebuilt cluster would not use it", () => {
    const reason = lostFileSystem([bucket, kept], { stack, efsFileSystemId: undefined });
    expect(reason).toContain("pulumi config rm --stack prod efsFileSystem, then pulumi config set --stack prod efsFileSystemId fs-kept");
  });

  test.each([
    ["the configuration names a file system", [kept], "fs-kept"],
    ["the file system is deleted", [deleted], undefined],
    ["the stack has none, as in the second half of an interrupted rebuild", [bucket], undefined],
  ])("is not refused if %s", (_, resources, efsFileSystemId) => {
    expect(lostFileSystem(resources, { stack, efsFileSystemId })).toBeUndefined();
  });
});
