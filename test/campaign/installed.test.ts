import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { makeServerCertificate } from "../certificates";
import { describeWithTools } from "../engine/requirements";
import { type Kinds, listed, worldwide } from "../engine/kinds";
import { hoursAhead } from "./clock";
import { secretsOf } from "./secrets";
import { Site } from "./site";
import { until } from "../engine/until";

const run = promisify(execFile);

const credentials = Buffer.from(`robot:${randomBytes(24).toString("hex")}`).toString("base64");
const pullSecret = JSON.stringify({ auths: { "registry.example.com": { auth: credentials } } });

/** Paths where the simulated instances keep files that real instances have on their disks. */
const disks = [
  /^\.sandbox\/hosts\/[^/]+\/root\//,
  /^\.sandbox\/hosts\/[^/]+\/ssh-host-key\.json$/,
  /^\.sandbox\/cluster\/dev-\w{5}\/(?!.*\.log$)/,
];

/** Tests that an installation leaves no secret on the machine that ran it, and that the cluster works a month later. */
describeWithTools("an installed cluster", () => {
  let site: Site;
  let printed: string;
  const commandLines = new Set<string>();
  let secrets: Awaited<ReturnType<typeof secretsOf>>;
  const figures: string[] = [];

  beforeAll(async () => {
    site = await Site.open();
    await site.said("stack", "select", "--create");
    await site.set("pullSecret", pullSecret, "secret");
    const { code, text, seconds } = await site.make(`up STACK=${Site.stack} YES=1`, (_printed, run) => {
      for (const { command } of site.processes(run)) commandLines.add(command);
      return false;
    });
    if (code !== 0) throw new Error(`${text}\n${site.simulatorLog().slice(-4000)}`);
    printed = text;
    secrets = await secretsOf(site, pullSecret);
    figures.push(`up: ${seconds.toFixed(0)} s; ${secrets.size} secrets, ${commandLines.size} command lines`);
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    await site.close();
  }, 120_000);

  /** Names of the secrets that a text contains. */
  const secretsIn = (text: string): string[] =>
    [...secrets].filter(([, forms]) => forms.some((form) => text.includes(form))).map(([name]) => name);

  test("has secrets and recorded command lines, so that the next tests can search for secrets", () => {
    const names = [...secrets.keys()];
    expect(names).toEqual(expect.arrayContaining(["approver's token", "registry's password", "registry CA's key", "pull secret"]));
    expect(names.filter((name) => name.includes("htpasswd-")).sort()).toEqual(["registry/htpasswd-pull", "registry/htpasswd-push"]);
    expect(names.filter((name) => name.endsWith(".key")).length).toBeGreaterThan(10);
    for (const forms of secrets.values()) for (const form of forms) expect(form.length).toBeGreaterThan(20);
    // Proves that the test saw the command lines: those of openshift-install are among them.
    expect([...commandLines].filter((command) => command.includes("wait-for"))).not.toEqual([]);
  });

  test("printed no secret", () => {
    expect(secretsIn(printed)).toEqual([]);
  });

  test("had no secret in a command line", () => {
    expect([...commandLines].flatMap(secretsIn)).toEqual([]);
  });

  test("left secrets only on the instances' own disks, readable only by their owner", () => {
    const found: string[] = [];
    let onDisks = 0;
    for (const file of filesBelow(site.directory)) {
      const names = secretsIn(readFileSync(file, "latin1"));
      if (names.length === 0) continue;
      const path = relative(site.directory, file);
      const { mode } = lstatSync(file);
      if (disks.some((pattern) => pattern.test(path)) && (mode & 0o077) === 0) onDisks += 1;
      else found.push(`${path} (${(mode & 0o777).toString(8)}): ${names.join(", ")}`);
    }
    expect(found).toEqual([]);
    // Proves that the search finds secrets: an etcd, an API server and an installer host have their keys.
    expect(onDisks).toBeGreaterThan(3);
  });

  test("denies other users access to the sandbox's directory, in which the Pulumi engine writes the state", () => {
    expect(lstatSync(join(site.directory, ".sandbox")).mode & 0o777).toBe(0o700);
  });

  test("has no object in S3 that everybody can read", async () => {
    const buckets: readonly Kinds["s3/buckets"][] = listed(await site.inventory(), worldwide, "s3/buckets");
    expect(buckets.length).toBeGreaterThan(1);
    for (const { Name, PublicAccessBlock, Policy } of buckets) {
      expect([Name, Object.values(PublicAccessBlock?.PublicAccessBlockConfiguration ?? {})]).toEqual([Name, [true, true, true, true]]);
      expect([Name, /"Effect": ?"Allow"/.test(Policy?.Policy ?? "")]).toEqual([Name, false]);
    }
  });

  test("has nothing to change, neither today nor in thirty days", async () => {
    for (const hours of [0, 30 * 24]) {
      const { code, stdout, stderr } = await site.pulumi(["preview", "--expect-no-changes", "--diff"], hoursAhead(hours));
      expect([hours, code, stdout + stderr]).toEqual([hours, 0, stdout + stderr]);
    }
  });

  test("stays reachable and manageable while its API has a certificate of another CA, and after the certificate is removed", async () => {
    const { kubeconfig: before } = (await site.outputs()) as { kubeconfig: string };
    const { chain, key, authority } = await makeServerCertificate([`api.${Site.domain}`]);
    await site.set("apiCertificate", chain);
    await site.set("apiCertificateAuthority", authority);
    await site.set("apiCertificateKey", key, "secret");
    await site.makeOk("up");
    const { kubeconfig: during } = (await site.outputs()) as { kubeconfig: string };
    // Proves that the API serves the configured certificate: a client that trusts only the cluster's own CA refuses the connection.
    await until("the other certificate is served", async () =>
      (await nodesBy(site, before)).includes("certificate signed by unknown authority"),
    );
    expect((await nodesBy(site, during)).match(/^node\//gm)).toHaveLength(6);
    // A new node joins, so the approver still reaches the API.
    site.configure("workerCount", "4");
    await site.makeOk("up");
    await until("the new worker has joined", async () => (await nodesBy(site, during)).match(/^node\//gm)?.length === 7);
    const { code, stdout, stderr } = await site.pulumi(["preview", "--expect-no-changes", "--diff"]);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);

    site.configure("consoleBanner", "Another line");
    await site.said("config", "rm", "apiCertificate");
    await site.said("config", "rm", "apiCertificateKey");
    await site.makeOk("up");
    await until("the cluster's own certificate is served", async () => (await nodesBy(site, before)).includes("node/"));
    expect((await nodesBy(site, during)).match(/^node\//gm)).toHaveLength(7);
  });
});

/** The cluster's nodes, as the holder of a kubeconfig reads them. */
async function nodesBy(site: Site, kubeconfig: string): Promise<string> {
  const file = join(site.sandbox.directory, "handed-out");
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const asked = run(site.sandbox.toolchain.tools.kubectl, ["--kubeconfig", file, "get", "nodes", "--output", "name"], {
    env: site.sandbox.processEnvironment,
  });
  return asked.then(
    ({ stdout }) => stdout,
    (error: unknown) => String((error as { stderr?: unknown }).stderr),
  );
}

/** All files below a directory, without links. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
