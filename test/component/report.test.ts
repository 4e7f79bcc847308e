/** The content of a stack's report, which contains no secret. */
import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSilentServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { exportedStack, now } from "./exported-stack";
import { makeCertificate } from "../unit/steps/diagnosis/certificates";
import { readArguments, stackReport } from "../../tools/report/cli";
import { isBackup } from "../../tools/report/backups";
import { readApiCertificates, readBackups } from "../../tools/report/live";

/** A page's texts, one line per element. */
const textOf = (html: string) =>
  html
    .replace(/<(style|title)>.*?<\/\1>/gs, "")
    .replace(/<[^>]+>/g, "\n")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .split("\n")
    .filter((line) => line.trim() !== "");

describe.each([
  ["shows no secrets", false],
  ["shows secrets", true],
] as const)("the report of an export that %s", (_, showSecrets) => {
  let html: string;
  let lines: string[];
  let secrets: readonly string[];
  beforeAll(async () => {
    const stack = await exportedStack(showSecrets);
    html = await stackReport(stack.exported, false, now);
    lines = textOf(html);
    secrets = stack.secrets;
  });

  test("contains no secret", () => {
    expect(secrets.length).toBeGreaterThan(15);
    expect(secrets.filter((secret) => html.includes(secret))).toEqual([]);
  });

  test("has, for each secret output, the command that shows it", () => {
    expect(lines.filter((line) => line.startsWith("pulumi stack output"))).toEqual([
      "pulumi stack output --stack dev --show-secrets 'a strange'\\''name'",
      "pulumi stack output --stack dev --show-secrets kubeadminPassword",
      "pulumi stack output --stack dev --show-secrets kubeconfig",
      "pulumi stack output --stack dev --show-secrets nested",
      "pulumi stack output --stack dev --show-secrets registryPassword",
      "pulumi stack output --stack dev --show-secrets sshPrivateKey",
    ]);
    expect(lines).toContain("https://api.dev.okd.example.com:6443");
    expect(lines).toContain("10.0.64.5");
  });

  test("shows outputs that are objects and lists field by field, without raw JSON", () => {
    const start = lines.indexOf("routers");
    expect(lines.slice(start, start + 7)).toEqual([
      ...["routers", "public", "domain: ", "public.dev.okd.example.com", "balancer: "],
      ...["a0123456789abcdef0123456789abcde-1234567890.us-east-1.elb.amazonaws.com", "private"],
    ]);
    expect(lines[lines.indexOf("routerRecords") + 1]).toBe("None.");
    expect(lines.filter((line) => /[{[]"|\[\]|"[:\]}]/.test(line))).toEqual([]);
  });

  test("escapes texts that look like markup", () => {
    expect(html).not.toContain("<img");
    expect(lines).toContain(`<img src="https://tracker.example.com/x" onerror="alert(1)">`);
    expect(html).not.toContain("<script");
  });

  test("shows resources that are reachable from the internet, with the CIDR blocks that can reach them", () => {
    const start = lines.indexOf("Exposure");
    expect(lines.slice(start + 4, lines.indexOf("Inventory"))).toEqual([
      ...[expect.stringMatching(/^load balancer .*-ext$/) as string, "tcp 6443 → bootstrap, masters", "everybody"],
      ...["router default *.apps.dev.okd.example.com", "tcp 80, tcp 443", "everybody"],
      ...["router public *.public.dev.okd.example.com", "tcp 80, tcp 443", "everybody"],
      ...["bootstrap", "tcp 22, tcp 19531", "198.51.100.0/24"],
      ...["installer host", "tcp 22", "198.51.100.0/24"],
      "Security groups also allow this traffic to instances and load balancers without a public address, which can only be reached over a private network:",
      ...["What", "Where", "Open to"],
      ...["internal load balancer", "tcp 6443", "0.0.0.0/0"],
    ]);
  });

  test("shows the certificates with their expiry, if it is known", () => {
    const start = lines.indexOf("Certificates");
    const found = lines.slice(start + 5, lines.indexOf("Backups"));
    const plain = ["CN=authority of the registry", "registry", "2026-11-23", "expired"];
    const secret = [
      ...["CN=admin", "okd-aws-dev", "2026-12-16", "20 days"],
      ...["CN=kube-apiserver-lb-signer", "okd-aws-dev", "2036-11-23", "3650 days"],
    ];
    expect(found.slice(0, showSecrets ? 12 : 4)).toEqual(showSecrets ? [...plain, ...secret] : plain);
    expect(found.some((line) => line.includes("SECRETS=1"))).toBe(!showSecrets);
  });

  test("lists the services with the places of their data", () => {
    const start = lines.indexOf("Services");
    expect(lines.slice(start + 1, lines.indexOf("Cost"))).toEqual([
      ...["Service", "Namespace", "Data", "URL"],
      ...["etcd backup", expect.stringMatching(/^bucket dev-\w+-etcd-backup; bucket dev-\w+-etcd-resources$/) as string],
    ]);
  });

  test("says that backups are unknown, not missing, if they were not looked up", () => {
    expect(lines.slice(lines.indexOf("Backups") + 1)).toEqual([
      expect.stringMatching(/^Bucket dev-\w+-etcd-backup: unknown: LIVE=1 reads them from AWS$/),
      expect.stringMatching(/^Bucket dev-\w+-etcd-resources: unknown: LIVE=1 reads them from AWS$/),
    ]);
  });
});

test("the report says that there is no bucket for etcd's backups in a stack without one", async () => {
  const html = await stackReport({ deployment: { resources: [] } }, false, now);
  expect(textOf(html).slice(-2)).toEqual(["etcd isn't backed up", ": the stack has no bucket for it."]);
});

test("every object in the bucket of etcd's backups counts as a backup, and in Velero's bucket only the file with a backup's objects", () => {
  const files = ["daily-1.tar.gz", "velero-backup.json", "daily-1-logs.gz", "daily-1-csi-volumesnapshots.json.gz", "other.tar.gz"];
  const keys = [...files.map((file) => `backups/daily-1/${file}`), "restores/daily-1/daily-1.tar.gz", "kopia/shop/q1"];
  expect(keys.filter((key) => isBackup("Velero", key))).toEqual(["backups/daily-1/daily-1.tar.gz"]);
  expect(keys.every((key) => isBackup("etcd", key))).toBe(true);
});

test("a report in a file is readable only by its owner, even if the file existed and others could read it", () => {
  const directory = mkdtempSync(join(tmpdir(), "report-"));
  try {
    const [state, out] = [join(directory, "state.json"), join(directory, "report.html")];
    writeFileSync(state, JSON.stringify({ deployment: { resources: [] } }));
    writeFileSync(out, "an older report", { mode: 0o644 });
    chmodSync(out, 0o644);
    const reader = openSync(out, "r"); // Another user may have the old file open.
    const project = join(__dirname, "..", "..");
    const cli = (file: string) =>
      spawnSync(join(project, "node_modules/.bin/tsx"), [join(project, "tools/report/cli.ts"), "--state", state, "--out", file], {
        encoding: "utf8",
      });
    expect(cli(out)).toMatchObject({ status: 0, stderr: `Written: ${out}\n` });
    expect((statSync(out).mode & 0o777).toString(8)).toBe("600");
    expect(readFileSync(out, "utf8")).toContain("<!doctype html>");
    expect(readFileSync(reader, "utf8")).toBe("an older report");
    closeSync(reader);
    expect(readdirSync(directory).sort()).toEqual(["report.html", "state.json"]);
    const piped = `'${project}/node_modules/.bin/tsx' '${project}/tools/report/cli.ts' --state '${state}' --out /dev/stdout | cat`;
    expect(spawnSync("bash", ["-c", piped], { encoding: "utf8" }).stdout).toContain("<!doctype html>");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("the command refuses arguments that contradict each other", () => {
  expect(readArguments([])).toMatch(/the stack is missing/);
  expect(readArguments(["--stack", "dev", "--state", "file"])).toMatch(/can't be combined/);
  expect(readArguments(["--state", "file", "--secrets"])).toMatch(/--secrets/);
  expect(readArguments(["--stack", "dev", "--live"])).toMatchObject({ stack: "dev", live: true, secrets: false, out: "" });
});

describe("the live report", () => {
  test("has the newest backups whatever the order of their keys, and the reason if a bucket cannot be read", async () => {
    const listed = (hour: number) =>
      `<Contents><Key>snapshots/${9 - hour}.db</Key><Size>${hour * 1024}</Size><LastModified>2026-11-26T0${hour}:00:00Z</LastModified></Contents>`;
    const server = createServer((request, response) => {
      const open = (request.url ?? "").includes("/open");
      response.writeHead(open ? 200 : 403, { "content-type": "application/xml" });
      response.end(
        open
          ? `<ListBucketResult>${[1, 2, 3, 4, 5, 6, 7].map(listed).join("")}<IsTruncated>false</IsTruncated></ListBucketResult>`
          : "<Error><Code>AccessDenied</Code><Message>not for you</Message></Error>",
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
    });
    try {
      const found = await readBackups(
        [
          { name: "open", of: "etcd" },
          { name: "closed", of: "Velero" },
        ],
        "us-east-1",
      );
      expect((found.open as readonly { key: string }[]).map(({ key }) => key)).toEqual(
        [2, 3, 4, 5, 6].map((number) => `snapshots/${number}.db`),
      );
      expect(found.closed).toBe("reading failed: not for you");
    } finally {
      process.env = before;
      server.closeAllConnections();
      server.close();
    }
  });

  test("reads the API's certificate without trusting it, and says if the API does not exist or does not answer", async () => {
    const { certificate: cert, key } = await makeCertificate("localhost", new Date(), -1, 9);
    const server = createTlsServer({ cert, key }, (socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await readApiCertificates(`https://localhost:${port}`)).toMatchObject([{ subject: "CN=localhost", from: `localhost:${port}` }]);
    await new Promise((resolve) => server.close(resolve));
    expect(await readApiCertificates(`https://localhost:${port}`)).toMatch(/^localhost:\d+ can't be reached: /);
    const silent = createSilentServer((socket) => socket.unref());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port: silentPort } = silent.address() as AddressInfo;
    expect(await readApiCertificates(`https://localhost:${silentPort}`)).toBe(
      `localhost:${silentPort} can't be reached: no answer within 1500 ms`,
    );
    silent.close();
  });
});
