/** The installer host's ignition config, decoded. The engine test proves that ignition, systemd and the registry accept it. */
import { load } from "js-yaml";
import { hostKeyParameter } from "../../../../ignition/installer-host/host-keys";
import { healthCommand, healthServices } from "../../../../ignition/installer-host/health";
import { installerHostIgnition, type InstallerHostSetUp } from "../../../../ignition/installer-host/installer-host";
import { releaseTools } from "../../../../ignition/installer-host/tools";

const configuration: InstallerHostSetUp["configuration"] = {
  clusterDomain: "dev.okd.example.com",
  distribution: "okd",
  release: "4.19.0-okd-scos.1",
  architecture: "amd64",
  region: "us-east-1",
  network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "per-zone", publicSubnets: true, interfaceEndpoints: ["ec2"] },
};
const setUp: InstallerHostSetUp = {
  configuration,
  registryImage: "docker.io/library/registry:2.8.3",
  sshPublicKey: "ssh-ed25519 AAAA core\n",
  dataVolumeId: "vol-0123456789abcdef0",
  registrySecretArn: "arn:registry",
  hostKeyParameter: hostKeyParameter("dev-x7k2q"),
  sessionManager: false,
};

interface Config {
  readonly passwd: { readonly users: readonly { readonly name: string; readonly sshAuthorizedKeys: readonly string[] }[] };
  readonly storage: {
    readonly directories: readonly object[];
    readonly files: readonly { readonly path: string; readonly mode: number; readonly contents: { readonly source: string } }[];
    readonly links: readonly object[];
  };
  readonly systemd: { readonly units: readonly { readonly name: string; readonly enabled: boolean; readonly contents: string }[] };
}
const render = (changes: Partial<InstallerHostSetUp> = {}) => JSON.parse(installerHostIgnition({ ...setUp, ...changes })) as Config;
const text = (config: Config, path: string) => {
  const source = config.storage.files.find((file) => file.path === path)?.contents.source;
  return source === undefined ? undefined : Buffer.from(source.replace("data:;base64,", ""), "base64").toString();
};
const variables = (config: Config) =>
  Object.fromEntries(
    (text(config, "/etc/okd/host.env") ?? "").split("\n").flatMap((line) => {
      const match = /^export (\w+)='(.*)'$/.exec(line);
      return match === null ? [] : [[match[1], match[2]]];
    }),
  );
const withConfiguration = (changes: Partial<InstallerHostSetUp["configuration"]>) =>
  render({ configuration: { ...configuration, ...changes } });

test("the user core gets the ssh key, programs are executable, and only root can read files with secrets", () => {
  const config = render();
  expect(config.passwd.users).toEqual([{ name: "core", sshAuthorizedKeys: ["ssh-ed25519 AAAA core"] }]);
  expect(config.storage.directories).toEqual(["registry", "client"].map((name) => ({ path: `/etc/okd/${name}`, mode: 0o700 })));
  const programs = config.storage.files.filter(({ mode }) => mode === 0o755).map(({ path }) => path);
  expect(programs).toHaveLength(12);
  for (const path of programs) expect([path, text(config, path)?.split("\n")[0]]).toEqual([path, "#!/bin/bash"]);
});

test("the ignition config has each program that a unit or script calls", () => {
  const config = render({ sessionManager: true, services: healthServices("dev-x7k2q-assets") });
  const there = config.storage.files.map(({ path }) => path);
  const called = config.systemd.units.flatMap(({ contents }) => contents.match(/\/usr\/local\/bin\/[\w-]+/g) ?? []);
  expect(called.filter((path) => !there.includes(path))).toEqual([]);
  expect(there).toEqual(expect.arrayContaining(["/usr/local/bin/aws", healthCommand(600).split(" ")[1]]));
  expect(called).toContain("/usr/local/bin/okd-publish-health");
  expect(healthCommand(600)).toBe("sudo /usr/local/bin/okd-health tools 600");
});

test("the environment file sets each variable that a script reads", () => {
  const config = render();
  const set = Object.keys(variables(config));
  for (const { path } of config.storage.files.filter(({ mode }) => mode === 0o755)) {
    const read = [...(text(config, path) ?? "").matchAll(/\$\{?([A-Z][A-Z_]+)\b/g)].map(([, name]) => name);
    const others = ["OKD_HOST_ENV", "SECONDS", "BASH_REMATCH", "TMPDIR", "AWS_EC2_METADATA_SERVICE_ENDPOINT"];
    expect([path, read.filter((name) => !set.includes(name) && !others.includes(name))]).toEqual([path, []]);
  }
});

test("the host finds the data volume by its serial number, and the registry its secret and its storage", () => {
  const config = render();
  expect(variables(config)).toMatchObject({
    DATA_DEVICE: "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
    REGISTRY: "registry.dev.okd.example.com:5000",
    REGISTRY_IMAGE: "docker.io/library/registry:2.8.3",
    HOST_KEY_PARAMETER: "/okd/dev-x7k2q/installer-host/ssh-host-key",
  });
  expect(text(config, "/etc/okd/secrets.list")).toBe("arn:registry /etc/okd okd-registry-push.service,okd-registry-pull.service\n");
  for (const [name, readOnly, deletes, accounts] of [
    ["push", false, true, "htpasswd-push"],
    ["collect", true, true, "htpasswd-push"],
    ["pull", true, false, "htpasswd-pull"],
  ] as const) {
    expect(load(text(config, `/etc/okd/registry/${name}.yml`) ?? "")).toMatchObject({
      storage: {
        filesystem: { rootdirectory: "/var/lib/registry" },
        delete: { enabled: deletes },
        maintenance: { readonly: { enabled: readOnly } },
      },
      http: { tls: { certificate: "/etc/okd/registry/tls.crt", key: "/etc/okd/registry/tls.key", minimumtls: "tls1.2" } },
      auth: { htpasswd: { realm: "registry", path: `/etc/okd/registry/${accounts}` } },
    });
  }
  // On the host itself the registry's name resolves to loopback, where the registry accepts pushes, even if no release is mirrored.
  expect(text(config, "/etc/hosts")).toContain("\n127.0.0.1 registry.dev.okd.example.com\n");
  expect(config.storage.links).toEqual([
    { path: "/etc/containers/certs.d/registry.dev.okd.example.com:5000/ca.crt", target: "/etc/okd/client/ca.crt" },
  ]);
});

test("a service with a timer is started only by the timer", () => {
  const units = render().systemd.units;
  const enabled = units.filter((unit) => unit.enabled).map(({ name }) => name);
  expect(enabled).toEqual([
    "okd-data-volume.service",
    "okd-host-key.service",
    "okd-tools.service",
    "okd-secrets.timer",
    "okd-registry-push.service",
    "okd-registry-pull.service",
    "okd-registry-watch.timer",
    "okd-registry-garbage.timer",
  ]);
  const timed = units.filter(({ name }) => name.endsWith(".timer")).map(({ name }) => name.replace(".timer", ".service"));
  expect(units.filter((unit) => !unit.enabled).map(({ name }) => name)).toEqual(timed);
});

test("Systems Manager's agent runs only if sessionManager is set", () => {
  const names = (config: Config) => config.systemd.units.map(({ name }) => name);
  expect(names(render({ sessionManager: true })).filter((name) => !names(render()).includes(name))).toEqual([
    "okd-session-manager.service",
  ]);
});

test("a timer publishes the host's health in an S3 object", () => {
  const units = render({ services: healthServices("dev-x7k2q-assets") }).systemd.units.slice(-2);
  expect(units.map(({ name, enabled }) => [name, enabled])).toEqual([
    ["okd-publish-health.service", false],
    ["okd-publish-health.timer", true],
  ]);
  expect(units[0].contents).toContain("\nExecStart=/usr/local/bin/okd-publish-health dev-x7k2q-assets installer-host/health\n");
});

test("additional services add their files, secrets and units", () => {
  const unit = { name: "approver.service", enabled: true, contents: "[Service]\nExecStart=/usr/bin/true\n" };
  const config = render({
    services: {
      files: [
        { path: "/etc/okd/approver.json", mode: 0o600, contents: "{}" },
        { path: "/etc/okd/approver.js", mode: 0o644, contents: { bucket: "b", key: "approver.js", sha256: "ab" } },
      ],
      secrets: [{ arn: "arn:approver", directory: "/etc/okd/approver", units: ["approver.service"] }],
      units: [unit],
    },
  });
  expect(text(config, "/etc/okd/approver.json")).toBe("{}");
  expect(config.storage.files.at(-1)).toEqual({
    path: "/etc/okd/approver.js",
    mode: 0o644,
    overwrite: true,
    contents: { source: "s3://b/approver.js", verification: { hash: "sha256-ab" } },
  });
  expect(text(config, "/etc/okd/secrets.list")).toMatch(/\narn:approver \/etc\/okd\/approver approver\.service\n$/);
  expect(config.systemd.units.at(-1)).toEqual(unit);
});

describe("an installer host behind a proxy", () => {
  test("uses the proxy, but not for itself, the instance metadata service and the VPC's endpoints", () => {
    const config = withConfiguration({ proxy: { httpProxy: "http://proxy:3128", httpsProxy: "http://proxy:3129", noProxy: ".corp" } });
    const { NO_PROXY, ...others } = variables(config);
    expect(others).toMatchObject({ HTTP_PROXY: "http://proxy:3128", http_proxy: "http://proxy:3128", HTTPS_PROXY: "http://proxy:3129" });
    expect(NO_PROXY.split(",")).toEqual(
      expect.arrayContaining([".corp", "ec2.us-east-1.amazonaws.com", ".dev.okd.example.com", "169.254.169.254", "127.0.0.1"]),
    );
    expect(Object.keys(variables(render()))).not.toContain("NO_PROXY");
  });

  test("is refused if the proxy's URL has a password, which the error does not show", () => {
    const proxied = () => withConfiguration({ proxy: { httpsProxy: "http://user:hunter2@proxy:3128" } });
    expect(proxied).toThrow(/^the proxy's URL contains a user and a password(?!.*hunter2)/);
  });

  test("trusts the additional CAs", () => {
    const config = withConfiguration({ additionalTrustBundle: "-----BEGIN CERTIFICATE-----\n" });
    expect(text(config, "/etc/pki/ca-trust/source/anchors/okd-additional.pem")).toBe("-----BEGIN CERTIFICATE-----\n");
    // CoreOS joins the additional CAs and the system's CAs in this file, which the containers get.
    expect(variables(config).TRUST_BUNDLE).toBe("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  });
});

test("values in the host's environment file are quoted for the shell", () => {
  const config = render({ registryImage: "x'$(id)`id`\"" });
  expect(text(config, "/etc/okd/host.env")).toContain(`export REGISTRY_IMAGE='x'\\''$(id)\`id\`"'\n`);
});

describe("the release's tools are downloaded from", () => {
  const urls = (changes: Partial<Parameters<typeof releaseTools>[0]>) =>
    releaseTools({ ...configuration, ...changes }).map(({ url, program, archives }) => `${program} ${url} ${archives.at(-1) ?? ""}`);
  const mirror = "https://mirror.openshift.com/pub/openshift-v4";

  test("GitHub for OKD, and oc-mirror from OpenShift's mirror", () => {
    const url = "https://github.com/okd-project/okd/releases/download/4.19.0-okd-scos.1";
    expect(urls({})).toEqual([
      `oc ${url} openshift-client-linux-4.19.0-okd-scos.1.tar.gz`,
      `openshift-install ${url} openshift-install-linux-4.19.0-okd-scos.1.tar.gz`,
      `oc-mirror ${mirror}/x86_64/clients/ocp/stable-4.19 oc-mirror.tar.gz`,
    ]);
  });

  test("OpenShift's mirror for OpenShift, in the directory of the architecture", () => {
    const url = `${mirror}/aarch64/clients/ocp/4.19.3`;
    expect(urls({ distribution: "openshift", release: "4.19.3", architecture: "arm64" })).toEqual([
      `oc ${url} openshift-client-linux-4.19.3.tar.gz`,
      `openshift-install ${url} openshift-install-linux-4.19.3.tar.gz`,
      `oc-mirror ${mirror}/aarch64/clients/ocp/stable-4.19 oc-mirror.tar.gz`,
    ]);
  });

  test("OpenShift's dev-preview directory for an engineering candidate (ec)", () => {
    expect(urls({ distribution: "openshift", release: "5.0.0-ec.6", architecture: "amd64" })[0]).toContain(
      "/clients/ocp-dev-preview/5.0.0-ec.6 ",
    );
  });

  test("okd-scos for an OKD version with a date", () => {
    expect(urls({ release: "4.16.0-0.okd-scos-2024-08-21-155613" })[0]).toContain(
      "https://github.com/okd-project/okd-scos/releases/download/4.16.0-0.okd-scos-2024-08-21-155613 ",
    );
  });

  test("no archive of another architecture", () => {
    const archives = releaseTools({ ...configuration, architecture: "arm64" })
      .slice(0, 2)
      .flatMap((tool) => tool.archives);
    expect(archives.filter((name) => !name.includes("arm64"))).toEqual([]);
  });
});
