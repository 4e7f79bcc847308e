/** The installer host's scripts that start and watch its containers, run by bash with stubs for podman and systemd. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StubHost } from "./fixture";

// Bash, curl and gpg are started many times, which takes long on a busy machine.
jest.setTimeout(60_000);

let host: StubHost;
beforeEach(() => {
  host = new StubHost();
});
afterEach(() => host.close());

describe("the script that watches the registries", () => {
  test.each([
    ["does nothing while the registry answers", 0, 0, false],
    ["restarts a registry that does not answer", 0, 1, true],
    ["does nothing while the registry does not run", 3, 1, false],
  ])("%s", async (_, active, health, restarts) => {
    for (const role of ["push", "pull"]) {
      host.stub("systemctl", `[ "$2" != is-active ] || { [ "$3" = okd-registry-${role}.service ] && exit ${active} || exit 0; }`);
      host.stub("okd-health", `[ "$1" != ${role} ] || exit ${health}`);
      rmSync(join(host.root, "calls"), { force: true });
      await host.run("watch-registry", {});
      const restarted = host.calls().filter((call) => call.startsWith("systemctl restart"));
      expect(restarted).toEqual(restarts ? [`systemctl restart okd-registry-${role}.service`] : []);
    }
  });
});

test("garbage is collected while the registry refuses pushes; afterwards the registry accepts pushes again, even after a failure", async () => {
  const mark = join(host.root, "run", "registry-read-only");
  host.stub("systemctl", `[ -e ${mark} ] && echo read-only >>${host.root}/states || echo writable >>${host.root}/states`);
  for (const status of [0, 1]) {
    host.stub("podman", `[ -e ${mark} ] || exit 9; exit ${status}`);
    expect((await host.run("collect-garbage", { READ_ONLY_MARK: mark })).status).toBe(status);
    expect([readFileSync(join(host.root, "states"), "utf8"), existsSync(mark)]).toEqual(["read-only\nwritable\n", false]);
    rmSync(join(host.root, "states"));
  }
});

describe("a registry's container", () => {
  const variables = () => ({
    READ_ONLY_MARK: join(host.root, "read-only"),
    DATA_DIRECTORY: host.data,
    CONFIGURATION: host.etc,
    REGISTRY: "registry.dev.okd.example.com:5000",
    REGISTRY_IMAGE: "example.com/registry:3",
    TRUST_BUNDLE: join(host.root, "bundle.pem"),
  });
  beforeEach(() => {
    mkdirSync(join(host.etc, "registry"));
    writeFileSync(join(host.root, "bundle.pem"), "authorities\n");
    host.stub("podman", "");
    host.stub("okd-metadata", "echo 10.0.0.7");
  });
  const started = () => host.calls().filter((call) => call.startsWith("podman"));

  test.each([
    ["of the registry for pushes listens on loopback", "push", "127.0.0.1:5000", "push"],
    ["of the registry for nodes listens on the host's own address", "pull", "10.0.0.7:5000", "pull"],
  ])("%s", async (_, role, address, configuration) => {
    expect((await host.run("run-registry", variables(), [role])).status).toBe(0);
    expect(started()).toEqual([expect.stringContaining(` --name okd-registry-${role} `)]);
    expect(started()[0]).toContain(` --env REGISTRY_HTTP_ADDR=${address} `);
    expect(started()[0]).toMatch(new RegExp(` example\\.com/registry:3 serve /etc/okd/registry/${configuration}\\.yml$`));
  });

  test("trusts the CAs that the host trusts", async () => {
    await host.run("run-registry", variables(), ["push"]);
    expect(started()[0]).toContain(" --env SSL_CERT_FILE=/etc/okd/registry/authorities-push.pem ");
    expect(readFileSync(join(host.etc, "registry/authorities-push.pem"), "utf8")).toBe("authorities\n");
  });

  test("is read-only during garbage collection, and always if it is the registry from which the nodes pull", async () => {
    writeFileSync(join(host.root, "read-only"), "");
    for (const role of ["push", "pull"]) await host.run("run-registry", variables(), [role]);
    expect(started().map((call) => call.split("/").at(-1))).toEqual(["collect.yml", "pull.yml"]);
  });
});

test("Systems Manager's agent gets the CAs and the proxy of the host", async () => {
  host.stub("podman", `echo "$HTTPS_PROXY"`);
  const { stdout } = await host.run("run-session-manager", {
    TRUST_BUNDLE: "/etc/pki/all.pem",
    SESSION_MANAGER_IMAGE: "example.com/agent:3",
    HTTPS_PROXY: "http://proxy:3128",
  });
  // podman passes the proxy's variables on to the container (podman-run(1), "--http-proxy").
  expect(stdout).toBe("http://proxy:3128\n");
  expect(host.calls()[0]).toContain(
    " --volume /etc/pki/all.pem:/etc/pki/all.pem:ro --env SSL_CERT_FILE=/etc/pki/all.pem example.com/agent:3",
  );
});

test("images from an archive get the names under which the host runs them, whatever names the archive gives them", async () => {
  for (const name of ["aws-cli", "node"]) writeFileSync(join(host.data, `${name}.tar`), "");
  host.stub(
    "podman",
    `[ "$1" = load ] || exit 0; case "$4" in */node.tar) echo "Loaded image: sha256:0a1b" ;; *) echo "Loaded image: public.ecr.aws/aws-cli/aws-cli:2.32.9" ;; esac`,
  );
  expect(await host.run("load-images", {}, [host.data])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(host.calls().filter((call) => call.startsWith("podman tag"))).toEqual([
    "podman tag public.ecr.aws/aws-cli/aws-cli:2.32.9 localhost/okd-aws/aws-cli:archive",
    "podman tag sha256:0a1b localhost/okd-aws/node:archive",
  ]);
});
