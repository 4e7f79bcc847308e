/**
 * The installer host's scripts, run by bash. Stubs replace the programs that only the real host has (AWS's command line, systemd, the volume), so the
 * tests prove how the scripts use the answers of these programs. The engine tests run the real registry.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeFiles } from "../../../../ignition/file-transfer";
import { parseHostHealth } from "../../../../ignition/installer-host/health";
import { publishedHostKeys } from "../../../../ignition/installer-host/host-keys";
import { StubHost } from "./fixture";

// Bash, curl and gpg are started many times, which takes long on a busy machine.
jest.setTimeout(60_000);

let host: StubHost;
beforeEach(() => {
  host = new StubHost();
});
afterEach(() => host.close());

describe("the host's secrets", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf";
  const variables = () => ({ SECRET_LIST: join(host.root, "secrets.list"), SECRET_ATTEMPTS: "3", SECRET_RETRY_SECONDS: "0" });
  const answer = (files: Readonly<Record<string, string>>) => {
    writeFileSync(join(host.root, "answer"), encodeFiles(files));
  };
  beforeEach(() => {
    writeFileSync(join(host.root, "secrets.list"), `${arn} ${host.etc} okd-registry-push.service,okd-registry-pull.service\n`);
    host.stub("systemctl", "");
    host.stub("aws", `cat ${host.root}/answer; echo`);
  });

  test("become files that only root can read, and the units that use them are restarted", async () => {
    answer({ "registry/htpasswd-push": "okd:x\n", "client/ca.crt": "ca\n" });
    expect(await host.run("fetch-secrets", variables())).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(host.etc, "registry/htpasswd-push"), "utf8")).toBe("okd:x\n");
    expect(["registry", "registry/htpasswd-push", "client/ca.crt"].map((path) => statSync(join(host.etc, path)).mode & 0o777)).toEqual([
      0o700, 0o600, 0o600,
    ]);
    expect(host.calls()).toEqual([
      `aws secretsmanager get-secret-value --secret-id ${arn} --query SecretString --output text`,
      "systemctl try-restart --no-block okd-registry-push.service okd-registry-pull.service",
    ]);
  });

  test("restart no unit if unchanged, and replace their files if changed", async () => {
    answer({ "registry/htpasswd-push": "okd:x\n" });
    await host.run("fetch-secrets", variables());
    await host.run("fetch-secrets", variables());
    expect(host.calls().filter((call) => call.startsWith("systemctl"))).toHaveLength(1);
    answer({ "registry/htpasswd-push": "okd:y\n" });
    await host.run("fetch-secrets", variables());
    expect(readFileSync(join(host.etc, "registry/htpasswd-push"), "utf8")).toBe("okd:y\n");
    expect(host.calls().filter((call) => call.startsWith("systemctl"))).toHaveLength(2);
  });

  test("are requested again until the role's permissions are effective", async () => {
    answer({ a: "1" });
    host.stub("aws", `[ $(grep -c '^aws' ${host.root}/calls) -ge 3 ] || { echo "AccessDenied" >&2; exit 254; }; cat ${host.root}/answer`);
    expect(await host.run("fetch-secrets", variables())).toMatchObject({ status: 0 });
    expect(readFileSync(join(host.etc, "a"), "utf8")).toBe("1");
  });

  test("that cannot be fetched or are truncated change no file and leave none behind", async () => {
    answer({ "registry/htpasswd-push": "old" });
    await host.run("fetch-secrets", variables());
    for (const [body, reason] of [
      ["echo 'AccessDenied: no' >&2; exit 254", "AccessDenied: no"],
      [`head -c 60 ${host.root}/answer`, "(unexpected end of file|invalid input)"],
    ]) {
      answer({ "registry/htpasswd-push": "new, and long enough to be cut off in its middle" });
      host.stub("aws", body);
      const { status, stderr } = await host.run("fetch-secrets", variables());
      expect([status, stderr]).toEqual([1, expect.stringMatching(new RegExp(`${reason}[^]*the secret ${arn} can't be fetched`))]);
    }
    expect(readFileSync(join(host.etc, "registry/htpasswd-push"), "utf8")).toBe("old");
    expect(readdirSync(host.etc)).toEqual(["registry"]);
  });
});

describe("the host's ssh keys", () => {
  test("are published with the instance's ID, read over IMDSv2", async () => {
    const metadata = await host.serve((method, path, headers) => {
      if (method === "PUT" && path === "/latest/api/token") return [200, "session-token"];
      const authorized = headers["x-aws-ec2-metadata-token"] === "session-token";
      return path === "/latest/meta-data/instance-id" && authorized ? [200, "i-0123456789abcdef0"] : [401, ""];
    });
    for (const type of ["ed25519", "rsa", "ecdsa"]) {
      const args = ["-q", "-t", type, "-N", "", "-f", join(host.ssh, `ssh_host_${type}_key`)];
      await promisify(execFile)("ssh-keygen", args);
    }
    host.stub("aws", `printf '%s' "\${!#}" >${host.root}/published`);
    const variables = { METADATA: metadata, SSH_DIRECTORY: host.ssh, HOST_KEY_PARAMETER: "/okd/dev-x7k2q/installer-host/ssh-host-key" };
    expect(await host.run("publish-host-keys", variables)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(host.calls()[0]).toMatch(
      /^aws ssm put-parameter --name \/okd\/dev-x7k2q\/installer-host\/ssh-host-key --type String --overwrite --value i-0123456789abcdef0 /,
    );
    const published = readFileSync(join(host.root, "published"), "utf8");
    const key = (type: string) =>
      readFileSync(join(host.ssh, `ssh_host_${type}_key.pub`), "utf8")
        .split(" ")
        .slice(0, 2)
        .join(" ");
    expect(publishedHostKeys(published, "i-0123456789abcdef0")).toEqual([key("ecdsa"), key("rsa"), key("ed25519")]);
    // A standard parameter holds at most 4 KiB (Systems Manager user guide).
    expect(published.length).toBeLessThan(4096);
    expect(publishedHostKeys(published, "i-0fffffffffffffff0")).toEqual([]);
  });

  test("are not published before sshd has made them", async () => {
    const metadata = await host.serve((method) => [200, method === "PUT" ? "token" : "i-0123456789abcdef0"]);
    host.stub("aws", "");
    const { status, stderr } = await host.run("publish-host-keys", {
      METADATA: metadata,
      SSH_DIRECTORY: host.ssh,
      HOST_KEY_PARAMETER: "/x",
    });
    expect([status, stderr, host.calls()]).toEqual([1, expect.stringContaining("there is no public host key"), []]);
  });

  test("are refused by the program if a line is not a host key in OpenSSH's form", () => {
    expect(() => publishedHostKeys("i-0123 ssh-ed25519 AAAA\ni-0123 ssh-rsa $(id)\n", "i-0123")).toThrow(
      'has a line that is not a host key: "i-0123 ssh-rsa $(id)"',
    );
  });
});

describe("the host's health", () => {
  const place = ["dev-x7k2q-assets", "installer-host/health"];
  let variables: Record<string, string>;
  beforeEach(async () => {
    const metadata = await host.serve((method, path) => [200, method === "PUT" ? "token" : path.endsWith("/instance-id") ? "i-0a1b" : ""]);
    variables = { METADATA: metadata, PUBLISHED_HEALTH: join(host.root, "run", "published-health") };
    host.stub("aws", `cat >${host.root}/object`);
  });
  const published = () => parseHostHealth(readFileSync(join(host.root, "object"), "utf8"));
  const uploads = () => host.calls().filter((call) => call.startsWith("aws"));
  const publish = () => host.run("publish-health", variables, place);

  test("is published with the instance's ID, and again only when it changes", async () => {
    host.stub("okd-health", 'echo "the registry is not ready in time: it is starting" >&2; exit 1');
    expect(await publish()).toEqual({ status: 0, stdout: "", stderr: "" });
    const reason = "the registry is not ready in time: it is starting";
    expect(published()).toMatchObject({ state: "unhealthy", instanceId: "i-0a1b", reason });
    await publish();
    expect(uploads()).toEqual(["aws s3 cp --only-show-errors - s3://dev-x7k2q-assets/installer-host/health"]);
    host.stub("okd-health", "");
    await publish();
    await publish();
    expect(published()).toMatchObject({ state: "healthy", instanceId: "i-0a1b", reason: "" });
    expect(uploads()).toHaveLength(2);
  });

  test("is published at the next check if the first attempt failed", async () => {
    host.stub("okd-health", "");
    host.stub("aws", "echo AccessDenied >&2; exit 1");
    expect(await publish()).toMatchObject({ status: 1, stderr: "AccessDenied\n" });
    host.stub("aws", `cat >${host.root}/object`);
    expect((await publish()).status).toBe(0);
    expect(published().state).toBe("healthy");
  });

  test("is refused by the program if its form is unknown", () => {
    expect(() => parseHostHealth("<html>")).toThrow(
      'the installer host published its health in an unknown form: the first line is "<html>", but must be',
    );
  });
});

describe("the data volume", () => {
  const variables = () => ({ DATA_DEVICE: join(host.root, "device"), DATA_DIRECTORY: host.data, DATA_WAIT_SECONDS: "1" });
  const blkid = (status: number, type: string) => {
    host.stub("blkid", `printf '%s' '${type}'; exit ${status}`);
  };
  beforeEach(() => {
    writeFileSync(join(host.root, "device"), Buffer.alloc(2 << 20));
    for (const name of ["mkfs.xfs", "mount", "xfs_growfs"]) host.stub(name, "");
    host.stub("mountpoint", "exit 1");
  });
  const done = () => host.calls().map((call) => call.split(" ")[0]);

  test("is formatted if it is empty, and mounted with the SELinux label for containers", async () => {
    blkid(2, "");
    expect(await host.run("prepare-data-volume", variables())).toMatchObject({ status: 0, stderr: "" });
    expect(done()).toEqual(["blkid", "mkfs.xfs", "mountpoint", "mount", "xfs_growfs"]);
    expect(host.calls()[3]).toBe(`mount -o context="system_u:object_r:container_file_t:s0" ${host.root}/device ${host.data}`);
    expect(existsSync(join(host.data, "registry"))).toBe(true);
  });

  test("with the file system of an earlier instance is mounted unchanged, and the file system is enlarged", async () => {
    blkid(0, "xfs");
    expect(await host.run("prepare-data-volume", variables())).toMatchObject({ status: 0 });
    expect(done()).toEqual(["blkid", "mountpoint", "mount", "xfs_growfs"]);
  });

  test("with other content stays unchanged", async () => {
    for (const [status, type, reason] of [
      [0, "ext4", "has ext4 on it, not xfs"],
      [8, "", "has an ambiguous file system on it"],
    ] as const) {
      blkid(status, type);
      expect(await host.run("prepare-data-volume", variables())).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(reason) as string,
      });
    }
    blkid(2, "");
    writeFileSync(join(host.root, "device"), Buffer.concat([Buffer.alloc(1000), Buffer.from("x"), Buffer.alloc(2 << 20)]));
    expect(await host.run("prepare-data-volume", variables())).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("has content, but no known file system") as string,
    });
    expect(done()).not.toContain("mkfs.xfs");
  });

  test("is waited for until it is attached or the time limit passes", async () => {
    blkid(2, "");
    rmSync(join(host.root, "device"));
    expect(await host.run("prepare-data-volume", variables())).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("was not attached within 1 seconds") as string,
    });
  });
});

describe("the AWS CLI", () => {
  test("runs in a container with the host's network and without a log, and gets its arguments unchanged", async () => {
    host.stub("podman", `printf '%s\\n' "\${@: -2}"`);
    const variables = { AWS_CLI_IMAGE: "example.com/aws-cli:2.0.0", AWS_REGION: "us-east-1", TRUST_BUNDLE: "/etc/pki/all.pem" };
    const { stdout } = await host.run("aws", variables, ["ssm", "a 'b' $c\nd"]);
    expect(stdout).toBe("ssm\na 'b' $c\nd\n");
    expect(host.calls()[0]).toMatch(
      /^podman run --rm --interactive --network host --log-driver none .*example\.com\/aws-cli:2\.0\.0 ssm a 'b' \$c$/,
    );
  });

  test("trusts the host's CAs, including the configured ones", async () => {
    host.stub("podman", "");
    await host.run("aws", { AWS_CLI_IMAGE: "example.com/aws-cli:2.0.0", TRUST_BUNDLE: "/etc/pki/all.pem" }, ["sts", "get-caller-identity"]);
    expect(host.calls()[0]).toContain(" --volume /etc/pki/all.pem:/etc/pki/all.pem:ro --env AWS_CA_BUNDLE=/etc/pki/all.pem ");
  });
});
