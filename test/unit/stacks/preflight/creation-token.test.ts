/**
 * The preview's message about a file system that exists already. The engine test of shared storage shows in which previews the program looks for it.
 */
import { secondFileSystemProblem } from "../../../../stacks/preflight/creation-token";

const key = (digit: string) => `arn:aws:kms:us-east-1:123456789012:key/${digit.repeat(8)}-0000-0000-0000-000000000000`;
const found = { FileSystemId: "fs-1", KmsKeyId: key("1"), PerformanceMode: "generalPurpose" } as const;
const settings = { kmsKeyIsShared: true, performanceMode: "generalPurpose" } as const;

test("if efsKmsKeyArn has another key, the fix sets the key of the existing file system", () => {
  expect(secondFileSystemProblem(found, { ...settings, kmsKeyIsShared: false, kmsKeyArn: key("2") })).toMatchObject({
    key: "efsKmsKeyArn",
    fix: `pulumi config set efsKmsKeyArn ${key("1")}`,
  });
});

test("if efsPerformanceMode has another mode, the fix sets the mode of the existing file system", () => {
  expect(secondFileSystemProblem(found, { ...settings, performanceMode: "maxIO" })).toMatchObject({
    key: "efsPerformanceMode",
    fix: "pulumi config set efsPerformanceMode generalPurpose",
  });
});

test.each([
  ["volumeKmsKeyArn has another key", { ...settings, kmsKeyArn: key("2") }],
  ["the key is the same", { ...settings, kmsKeyIsShared: false, kmsKeyArn: key("1") }],
])("the fix sets efsFileSystemId to the existing file system if %s", (_, wanted) => {
  expect(secondFileSystemProblem(found, wanted)).toMatchObject({
    key: "efsFileSystem",
    fix: expect.stringContaining("pulumi config set efsFileSystemId fs-1") as string,
  });
});
