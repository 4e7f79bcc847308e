/** The script that installs the release's tools on the installer host, run by bash against a server with the vendors' layout. */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { releaseTools, toolList } from "../../../../ignition/installer-host/tools";
import { type HostScriptResult, StubHost } from "./fixture";

// Bash, curl and gpg are started many times, which takes long on a busy machine.
jest.setTimeout(60_000);

let host: StubHost;
beforeEach(() => {
  host = new StubHost();
});
afterEach(() => host.close());

describe("the release's tools on the installer host", () => {
  const release = { distribution: "okd", release: "4.19.0-okd-scos.1", architecture: "amd64" } as const;
  const okd = "/okd-project/okd/releases/download/4.19.0-okd-scos.1";
  const mirror = "/pub/openshift-v4/x86_64/clients/ocp/stable-4.19";

  /** An archive with one program and a README, as vendors make them. */
  function archive(program: string): Buffer {
    const folder = mkdtempSync(join(host.root, "archive-"));
    writeFileSync(join(folder, program), `#!/bin/sh\necho ${program}\n`, { mode: 0o755 });
    writeFileSync(join(folder, "README.md"), "");
    const file = join(folder, "archive.tar.gz");
    create({ gzip: true, file, cwd: folder, sync: true }, [program, "README.md"]);
    return readFileSync(file);
  }

  /** Signs a text with a key of the tests that replaces the vendor's. The host gets the public half of this key. */
  function signature(text: string, { inline = false } = {}): Buffer {
    const gpg = (args: readonly string[], input = "") =>
      execFileSync("gpg", ["--homedir", join(host.root, "vendor"), "--batch", "--quiet", "--passphrase", "", ...args], { input });
    if (!existsSync(join(host.root, "vendor"))) {
      mkdirSync(join(host.root, "vendor"), { mode: 0o700 });
      gpg(["--pinentry-mode", "loopback", "--quick-gen-key", "vendor@example.com", "ed25519", "sign"]);
    }
    return gpg(["--output", "-", ...(inline ? ["--sign"] : ["--detach-sign"]), "-"], text);
  }

  /** Gives the host the vendor's public key, which the system image of RHEL CoreOS contains. */
  function trustVendor(): void {
    writeFileSync(
      join(host.root, "signers.asc"),
      execFileSync("gpg", ["--homedir", join(host.root, "vendor"), "--batch", "--armor", "--export", "vendor@example.com"]),
    );
  }

  afterEach(() => {
    // Ends the agent that gpg has started for the vendor's key.
    execFileSync("gpgconf", ["--homedir", join(host.root, "vendor"), "--kill", "all"], { stdio: "ignore" });
  });

  /** The files of the vendors' servers by path, with the lists of their checksums. */
  function layout(): Map<string, Buffer | string> {
    const files = new Map<string, Buffer | string>([
      [`${okd}/openshift-client-linux-4.19.0-okd-scos.1.tar.gz`, archive("oc")],
      [`${okd}/openshift-install-linux-4.19.0-okd-scos.1.tar.gz`, archive("openshift-install")],
      [`${mirror}/oc-mirror.tar.gz`, archive("oc-mirror")],
      [`${mirror}/oc-mirror.rhel9.tar.gz`, archive("oc-mirror")],
    ]);
    for (const directory of [okd, mirror]) {
      const lines = [...files].filter(([path]) => path.startsWith(`${directory}/`));
      const sums = lines.map(
        ([path, content]) => `${createHash("sha256").update(content).digest("hex")}  ${path.slice(directory.length + 1)}\n`,
      );
      files.set(`${directory}/sha256sum.txt`, sums.join(""));
      if (directory === mirror) files.set(`${directory}/sha256sum.txt.gpg`, signature(sums.join("")));
    }
    return files;
  }

  async function install(
    files: ReadonlyMap<string, Buffer | string>,
    refuseFirst = 0,
    retries = 3,
    protocols = "=http",
  ): Promise<HostScriptResult & { asked: string[] }> {
    const asked: string[] = [];
    let refused = 0;
    const url = await host.serve((_, path) => {
      asked.push(path);
      if (refused++ < refuseFirst) return [503, "busy"];
      const found = files.get(path);
      return found === undefined ? [404, ""] : [200, found];
    });
    const list = toolList(releaseTools(release)).replace(/https:\/\/[^/]+/g, url);
    writeFileSync(join(host.etc, "tools.list"), list);
    const variables = {
      TOOL_LIST: join(host.etc, "tools.list"),
      TOOL_DIRECTORY: host.tools,
      TOOL_PROTOCOLS: protocols,
      TOOL_SIGNERS: join(host.root, "signers.asc"),
      TOOL_RETRIES: String(retries),
      TOOL_RETRY_SECONDS: "0",
    };
    return { ...(await host.run("install-tools", variables)), asked };
  }

  test("are installed once, after their checksums were verified", async () => {
    const files = layout();
    expect(await install(files)).toMatchObject({
      status: 0,
      stderr: "",
      // The host has no public key of the vendor, as with Fedora CoreOS or another vendor's image.
      stdout: expect.stringMatching(/^the signature of \S+stable-4\.19\/sha256sum\.txt is not verified: this host has no \S+\n$/) as string,
    });
    for (const program of ["oc", "openshift-install", "oc-mirror"]) {
      expect([program, statSync(join(host.tools, program)).mode & 0o777]).toEqual([program, 0o755]);
      expect(readFileSync(join(host.tools, program), "utf8")).toContain(`echo ${program}`);
    }
    const list = readFileSync(join(host.etc, "tools.list"), "utf8");
    const variables = { TOOL_LIST: join(host.etc, "tools.list"), TOOL_DIRECTORY: host.tools };
    await host.stopServing();
    expect(list).toContain("oc-mirror.rhel9.tar.gz");
    expect(await host.run("install-tools", variables)).toMatchObject({ status: 0, stderr: "" });
  });

  test("come from the build for the host's RHEL version, if there is one", async () => {
    const { asked } = await install(layout());
    expect(asked.filter((path) => path.includes("oc-mirror"))).toEqual([`${mirror}/oc-mirror.rhel9.tar.gz`]);
  });

  test("are requested again if the vendor's server is busy", async () => {
    expect(await install(layout(), 2)).toMatchObject({ status: 0 });
  });

  test("with another checksum are not installed", async () => {
    const files = layout();
    files.set(`${okd}/openshift-install-linux-4.19.0-okd-scos.1.tar.gz`, archive("oc"));
    const { status, stderr } = await install(files);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("openshift-install-linux-4.19.0-okd-scos.1.tar.gz does not have the checksum in its sha256sum.txt"),
    ]);
    expect([existsSync(join(host.tools, "openshift-install")), existsSync(join(host.tools, ".okd-tools"))]).toEqual([false, false]);
  });

  test("are installed if the vendor has signed their checksums, with a detached or an inline signature", async () => {
    for (const inline of [false, true]) {
      const files = layout();
      files.set(`${mirror}/sha256sum.txt.gpg`, signature(String(files.get(`${mirror}/sha256sum.txt`)), { inline }));
      trustVendor();
      rmSync(join(host.tools, ".okd-tools"), { force: true });
      expect(await install(files)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    }
  });

  test("are not installed if their checksums differ from the signed ones", async () => {
    const changed = layout();
    changed.set(`${mirror}/oc-mirror.rhel9.tar.gz`, archive("oc"));
    const sum = createHash("sha256")
      .update(changed.get(`${mirror}/oc-mirror.rhel9.tar.gz`) ?? "")
      .digest("hex");
    changed.set(`${mirror}/sha256sum.txt`, `${sum}  oc-mirror.rhel9.tar.gz\n`);
    trustVendor();
    expect(await install(changed)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("has no valid signature of a key in") as string,
    });
    expect(existsSync(join(host.tools, "oc-mirror"))).toBe(false);
  });

  test("are not installed without the vendor's signature", async () => {
    const unsigned = layout();
    unsigned.delete(`${mirror}/sha256sum.txt.gpg`);
    trustVendor();
    expect(await install(unsigned, 0, 0)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("sha256sum.txt.gpg can't be downloaded") as string,
    });
    expect(existsSync(join(host.tools, "oc-mirror"))).toBe(false);
  });

  test("are downloaded over https only", async () => {
    const { status, stderr, asked } = await install(layout(), 0, 0, "=https");
    expect([status, asked, stderr]).toEqual([1, [], expect.stringMatching(/[Pp]rotocol "?http"? (not supported|disabled)/)]);
  });

  test("without a checksum in the vendor's list are not installed, and the error names them", async () => {
    const files = layout();
    files.set(`${okd}/sha256sum.txt`, "");
    const { status, stderr } = await install(files);
    expect(status).toBe(1);
    expect(stderr).toContain("sha256sum.txt lists none of: openshift-client-linux-amd64-rhel9-4.19.0-okd-scos.1.tar.gz");
  });

  test("of a missing release give an error with the URL", async () => {
    const { status, stderr } = await install(new Map(), 0, 0);
    expect(status).toBe(1);
    expect(stderr).toMatch(/404[^]*sha256sum\.txt can't be downloaded/);
  });
});
