import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatherByInstaller } from "../../../../../steps/diagnosis/archive/bootstrap-logs";

/** A stub of openshift-install. It records its arguments and the mode of the key, and packs a log bundle as the real installer does. */
const installer = `#!/bin/bash
set -euo pipefail
printf '%s\\n' "$@" > "$OKD_TEST_DIRECTORY/arguments"
while [ $# -gt 0 ]; do case $1 in --dir) directory=$2 ;; --key) key=$2 ;; esac; shift; done
stat -c %a "$key" > "$OKD_TEST_DIRECTORY/mode"
cd "$OKD_TEST_DIRECTORY"
mkdir -p bundle/bootstrap/journals bundle/rendered-assets/tls
echo 'bootkube waits for etcd' > bundle/bootstrap/journals/bootkube.log
echo 'secret' > bundle/rendered-assets/tls/root-ca.key
tar czf "$directory/log-bundle-20260301120000.tar.gz" bundle
echo 'Bootstrap gather logs captured here'
`;

describe("the bootstrap instance's logs", () => {
  const directory = mkdtempSync(join(tmpdir(), "bootstrap-logs-"));
  const { PATH } = process.env;

  beforeAll(() => {
    process.env.OKD_TEST_DIRECTORY = directory;
    process.env.PATH = `${directory}:${PATH ?? ""}`;
  });

  afterAll(() => {
    process.env.PATH = PATH;
    delete process.env.OKD_TEST_DIRECTORY;
    rmSync(directory, { recursive: true });
  });

  const install = (script: string) => {
    const file = join(directory, "openshift-install");
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  };

  test("are those of the installer's log bundle, without secret files", async () => {
    install(installer);
    const evidence = await gatherByInstaller("192.0.2.1", ["10.0.16.5", "10.0.32.5"], "the key");
    expect(evidence).toEqual({
      "bootstrap.txt": "Bootstrap gather logs captured here\n",
      "bootstrap/bundle/bootstrap/journals/bootkube.log": "bootkube waits for etcd\n",
    });
    const given = readFileSync(join(directory, "arguments"), "utf8").split("\n");
    expect(given.slice(0, 3)).toEqual(["gather", "bootstrap", "--skipAnalysis"]);
    expect(given.join(" ")).toContain("--bootstrap 192.0.2.1 --master 10.0.16.5 --master 10.0.32.5 --key ");
    expect(given.join(" ")).not.toContain("the key");
    expect(readFileSync(join(directory, "mode"), "utf8")).toBe("600\n");
  });

  test("are missing if the installer fails, and the reason is the installer's last lines", async () => {
    install("#!/bin/bash\necho 'level=fatal msg=no route to host' >&2\nexit 5\n");
    await expect(gatherByInstaller("192.0.2.1", [], undefined)).rejects.toThrow(/exit code 5\n.*no route to host/);
  });

  test("are missing without an installer, and the reason says so", async () => {
    rmSync(join(directory, "openshift-install"));
    process.env.PATH = directory;
    await expect(gatherByInstaller("192.0.2.1", [], undefined)).rejects.toThrow("openshift-install isn't on the PATH");
    process.env.PATH = `${directory}:${PATH ?? ""}`;
  });
});
