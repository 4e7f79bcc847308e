import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellInput } from "../../../../../components/installer/executor";
import { readScript } from "../../../../../components/installer/scripts";

const balancer = "ext-1.elb.us-east-1.amazonaws.com";
const records = [
  `api.dev.example.com api.dev.example.com CNAME ${balancer} here`,
  "*.apps.dev.example.com oauth-openshift.apps.dev.example.com CNAME router.elb.us-east-1.amazonaws.com here",
  "api-int.dev.example.com api-int.dev.example.com CNAME int-1.elb.us-east-1.amazonaws.com vpc",
  "registry.dev.example.com registry.dev.example.com A 10.0.0.9 vpc",
];

/** A resolver that knows the addresses in its files, as `getent ahostsv4` prints them. */
const getent = `#!/usr/bin/env bash
[ "$1" = ahostsv4 ] || exit 1
case $2 in *[!0-9.]*) ;; *) echo "$2 STREAM $2"; exit ;; esac
[ -e "$NAMES/$2" ] || exit 2
while read -r address; do printf '%s STREAM\\n%s DGRAM\\n' "$address" "$address"; done <"$NAMES/$2"
`;

describe("the wait for the user's DNS records", () => {
  let directory: string;
  const know = (host: string, ...addresses: string[]) => {
    writeFileSync(join(directory, "names", host), addresses.map((address) => `${address}\n`).join(""));
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "names-"));
    mkdirSync(join(directory, "names"));
    mkdirSync(join(directory, "bin"));
    writeFileSync(join(directory, "bin", "getent"), getent);
    chmodSync(join(directory, "bin", "getent"), 0o755);
    know(balancer, "198.51.100.1", "198.51.100.2");
    know("router.elb.us-east-1.amazonaws.com", "198.51.100.7");
    know("int-1.elb.us-east-1.amazonaws.com", "10.0.0.5", "10.0.16.5");
    know("api.dev.example.com", "198.51.100.2");
    know("oauth-openshift.apps.dev.example.com", "198.51.100.7");
    know("api-int.dev.example.com", "10.0.0.5", "10.0.16.5");
    know("registry.dev.example.com", "10.0.0.9");
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs the wait; `onLine` gets every line that the wait prints. */
  const wait = async (
    limits: { readonly wait?: number; readonly grace?: number; readonly path?: string } = {},
    onLine: (line: string) => void = () => undefined,
  ): Promise<{ code: number | null; lines: string[] }> => {
    const child = spawn("/bin/bash", ["-s"], {
      env: {
        PATH: limits.path ?? `${join(directory, "bin")}:${process.env.PATH ?? ""}`,
        NAMES: join(directory, "names"),
        WAIT_FOR: "dns-records",
        WAIT_SECONDS: String(limits.wait ?? 300),
        GRACE_SECONDS: String(limits.grace ?? 300),
        PAUSE_SECONDS: "0.1",
      },
    });
    child.stdin.end(shellInput(readScript("wait-names"), `${records.join("\n")}\n`));
    const lines: string[] = [];
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const [last, ...whole] = (rest + text).split("\n").reverse();
      rest = last;
      for (const line of whole.reverse()) {
        lines.push(line);
        onLine(line);
      }
    });
    const code = await new Promise<number | null>((ended) => child.on("close", ended));
    return { code, lines };
  };
  const forget = (host: string) => {
    rmSync(join(directory, "names", host));
  };

  test("lists the records, and ends at once if all exist", async () => {
    const { code, lines } = await wait();
    expect(code).toBe(0);
    expect(lines.map((line) => line.replace(/ \d+:\d\d\]/, "]"))).toEqual([
      "[dns-records] the cluster needs these DNS records, which you create:",
      `  api.dev.example.com CNAME ${balancer}`,
      "  *.apps.dev.example.com CNAME router.elb.us-east-1.amazonaws.com",
      "  api-int.dev.example.com CNAME int-1.elb.us-east-1.amazonaws.com",
      "  registry.dev.example.com A 10.0.0.9",
      "[dns-records] done",
    ]);
  });

  test("prints the missing record, and continues when it exists", async () => {
    forget("oauth-openshift.apps.dev.example.com");
    const { code, lines } = await wait({}, (line) => {
      if (line.includes("waiting: *.apps.dev.example.com does not resolve")) know("oauth-openshift.apps.dev.example.com", "198.51.100.7");
    });
    expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/^\[dns-records \d+:\d\d\] done$/)]);
  });

  test("prints the address of a wrong record, and continues when the record is corrected", async () => {
    know("api.dev.example.com", "203.0.113.9");
    const { code } = await wait({}, (line) => {
      if (line.includes(`api.dev.example.com points to 203.0.113.9, not to ${balancer}`)) know("api.dev.example.com", "198.51.100.1");
    });
    expect(code).toBe(0);
  });

  test("fails within its time limit, with the problem and the fix", async () => {
    forget("api.dev.example.com");
    know("oauth-openshift.apps.dev.example.com", "203.0.113.9");
    const { code, lines } = await wait({ wait: 1 });
    expect(code).toBe(1);
    expect(lines.at(-2)).toContain(
      "these records are still wrong after 1 seconds: api.dev.example.com does not resolve; *.apps.dev.example.com points to 203.0.113.9, not to router.elb",
    );
    expect(lines.at(-1)).toContain("Create or correct them as listed above, and run the update again.");
  });

  test("continues with a warning about wrong names that possibly only the VPC resolves", async () => {
    forget("api-int.dev.example.com");
    know("registry.dev.example.com", "203.0.113.9");
    const { code, lines } = await wait({ wait: 1, grace: 1 });
    expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining("done")]);
    expect(lines.at(-2)).toContain(
      "warning: api-int.dev.example.com does not resolve; registry.dev.example.com points to 203.0.113.9, not to 10.0.0.9, as seen from this machine.",
    );
  });

  test("continues with a warning on a machine that cannot resolve the load balancer's name", async () => {
    for (const host of [balancer, "router.elb.us-east-1.amazonaws.com", "int-1.elb.us-east-1.amazonaws.com", "api.dev.example.com"])
      forget(host);
    const { code, lines } = await wait({ wait: 1 });
    expect(code).toBe(0);
    expect(lines.at(-2)).toContain(`warning: this machine does not resolve ${balancer}; int-1.elb`);
  });

  test("continues with a warning on a machine without getent", async () => {
    const path = join(directory, "few");
    mkdirSync(path);
    for (const tool of ["grep", "sed"]) symlinkSync(join("/bin", tool), join(path, tool));
    const { code, lines } = await wait({ path });
    expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining("warning: there is no getent on this machine")]);
  });
});
