import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChecksumMismatch, Unavailable } from "../../../../../sandbox/toolchain/errors";
import { VERSIONS } from "../../../../../sandbox/toolchain/versions";
import { checkFiles } from "../../../../../sandbox/toolchain/ways/maven";

const project = join(__dirname, "../../../../../sandbox/toolchain/maven/opensearch");

describe("files from Maven", () => {
  const directory = mkdtempSync(join(tmpdir(), "maven-"));
  const sum = createHash("sha256").update("content").digest("hex");
  writeFileSync(join(directory, "a.jar"), "content");
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  test("are accepted if each has its checksum", () => {
    expect(() => {
      checkFiles(directory, `${sum}  a.jar\n`);
    }).not.toThrow();
  });

  test.each([
    ["another content", `${"0".repeat(64)}  a.jar\n`, ChecksumMismatch],
    ["a file that is not pinned", `${sum}  b.jar\n`, Unavailable],
    ["a missing file", `${sum}  a.jar\n${sum}  b.jar\n`, Unavailable],
  ])("are refused with %s", (_, sums, error) => {
    expect(() => {
      checkFiles(directory, sums);
    }).toThrow(error);
  });
});

test("the libraries of OpenSearch have the pinned version", () => {
  const pom = readFileSync(join(project, "pom.xml"), "utf8");
  expect(pom).toContain(`<artifactId>opensearch</artifactId>\n      <version>${VERSIONS.opensearch}</version>`);
  expect(readFileSync(join(project, "SHA256SUMS"), "utf8")).toContain(`  opensearch-${VERSIONS.opensearch}.jar\n`);
});
