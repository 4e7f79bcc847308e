import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { staleFiles } from "../../../config/generate";
import { parseConfiguration } from "../../../config/parse";
import { CURRENT } from "../../../config/releases/current";
import { describeKey, KEY_NAMES } from "../../../config/schema";
import { CERTIFICATE, ED25519, PRIVATE_KEY } from "./key-material";

const ROOT = join(__dirname, "../../..");

/** The placeholders of examples/, each with a valid value. */
const FILLED: Readonly<Record<string, string>> = {
  "<your-domain>": "example.com",
  "<your-range>": "198.51.100.0/24",
  "<your-proxy>": "http://proxy.example.com:3128",
  "<your-vpc>": "vpc-0123456789abcdef0",
  "<your-vpc-range>": "10.20.0.0/16",
  "<your-master-role>": "okd-master",
  "<your-worker-role>": "okd-worker",
  "<your-boundary>": "arn:aws:iam::123456789012:policy/boundary",
  "<your-bastion>": "bastion.example.com",
  "<your-bastion-user>": "ec2-user",
  "<your-bastion-host-key>": ED25519,
  "<your-key>": "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
  ...Object.fromEntries(
    ["private", "public"].flatMap((kind, row) =>
      [1, 2, 3].map((zone) => [`<your-${kind}-subnet-${zone}>`, `subnet-0000000${row * 3 + zone}`]),
    ),
  ),
};
const CONSOLE_PULL_SECRET = JSON.stringify({
  auths: Object.fromEntries(["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }])),
});

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A stack file in the form in which the Pulumi engine passes it on: all values are texts, and the same text replaces each encrypted value. */
function engineView(text: string): Record<string, string> {
  const { config } = load(text.replaceAll(/\n *secure: .*/g, " decrypted secret")) as StackFile;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

describe("generated files", () => {
  test("are up to date with the schema", () => {
    expect(staleFiles()).toEqual([]);
  });

  test("declare exactly the keys of the schema in Pulumi.yaml", () => {
    const { config } = load(read("Pulumi.yaml")) as StackFile;
    const { "aws:maxRetries": attempts, ...own } = config;
    expect(attempts).toEqual({ value: 10 });
    expect(Object.keys(own)).toEqual(KEY_NAMES);
    for (const [name, declared] of Object.entries(own) as [string, Record<string, unknown>][]) {
      // A secret is declared without a type; config/pulumi-project.ts says why.
      expect(declared).toMatchObject(
        [
          "pullSecret",
          "bastionPrivateKey",
          "veleroRepositoryPassword",
          "sshPrivateKey",
          "identityProviderSecrets",
          "htpasswdUsers",
          "remoteWriteSecrets",
          "alertReceiverSecrets",
          "alertWatchdogUrl",
          "elasticUserPasswords",
          "logOutputSecrets",
          "apiCertificateKey",
          "ingressCertificateKey",
          "routerCertificateKeys",
        ].includes(name)
          ? { secret: true }
          : { type: expect.stringMatching(/^(string|integer|boolean|array|object)$/) as string },
      );
      expect(declared).toHaveProperty("default");
      expect(declared).toHaveProperty("description");
    }
  });

  test("describe every key's meaning, limits and source", () => {
    const reference = read("docs/configuration.md");
    for (const name of KEY_NAMES) {
      const { description, source, allowed } = describeKey(name);
      expect(reference).toContain(`| \`${name}\` |`);
      expect([description, source, allowed].every((words) => words.length > 2)).toBe(true);
    }
  });
});

describe("stack files", () => {
  test("the sandbox's file is valid, and its only secrets are its users' encrypted passwords", () => {
    const configuration = parseConfiguration(engineView(read("Pulumi.dev.yaml")));
    expect(configuration).toMatchObject({ masters: { count: 3 }, workers: { count: 3 }, protectMasters: false });
    expect(configuration.zones).toHaveLength(3);
    const { config } = load(read("Pulumi.dev.yaml")) as StackFile;
    const secrets = KEY_NAMES.filter((name) => describeKey(name).secret && `okd-aws:${name}` in config);
    expect(secrets).toEqual(["htpasswdUsers"]);
    const encrypted = { secure: expect.stringMatching(/^v1:/) as string };
    expect(config["okd-aws:htpasswdUsers"]).toEqual({ anna: encrypted, bert: encrypted });
  });

  test("the sandbox's file with all services is valid, and its secrets are encrypted", () => {
    const alertReceiverSecrets = { "on-call": "0123456789abcdef0123456789abcdef", platform: "https://hooks.example.com/x" };
    const decrypted = { "okd-aws:pullSecret": CONSOLE_PULL_SECRET, "okd-aws:alertReceiverSecrets": JSON.stringify(alertReceiverSecrets) };
    const view = { ...engineView(read("Pulumi.services.yaml")), ...decrypted };
    expect(parseConfiguration(view)).toMatchObject({
      distribution: "openshift",
      protectMasters: false,
      platform: { monitoring: {}, alerting: {}, velero: { namespace: "openshift-adp" }, logging: { console: true } },
    });
    const { config } = load(read("Pulumi.services.yaml")) as StackFile;
    const secrets = KEY_NAMES.filter((name) => describeKey(name).secret && `okd-aws:${name}` in config);
    expect(secrets).toEqual(["pullSecret", "htpasswdUsers", "alertReceiverSecrets"]);
    const encrypted = { secure: expect.stringMatching(/^v1:/) as string };
    expect(secrets.map((name) => config[`okd-aws:${name}`])).toEqual([
      encrypted,
      { anna: encrypted },
      { "on-call": encrypted, platform: encrypted },
    ]);
  });

  const files = readdirSync(join(ROOT, "examples"));

  test("examples/ has one example of each topology", () => {
    const names = ["compact", "disconnected", "existing-vpc", "ha", "private", "single-node", "sts"];
    expect(files).toEqual(names.map((name) => `Pulumi.${name}.yaml`));
  });

  test.each(["Pulumi.dev.yaml", "Pulumi.services.yaml", ...files.map((file) => `examples/${file}`)])(
    "%s installs a current release",
    (path) => {
      const { config } = load(read(path)) as StackFile;
      const distribution = config["okd-aws:distribution"] === "openshift" ? "openshift" : "okd";
      expect(config["okd-aws:release"]).toBe(CURRENT[distribution]);
    },
  );

  test.each(files)("%s is valid after its placeholders are filled in", (file) => {
    const text = read(`examples/${file}`);
    const filled = text.replaceAll(/<your-[a-z0-9-]+>/g, (placeholder) => FILLED[placeholder]);
    const keys = engineView(filled);
    if (keys["okd-aws:distribution"] === "openshift") keys["okd-aws:pullSecret"] = CONSOLE_PULL_SECRET;
    if (keys["okd-aws:installerHostAccess"] === "bastion") keys["okd-aws:bastionPrivateKey"] = PRIVATE_KEY;
    expect(parseConfiguration({ ...keys, "okd-aws:additionalTrustBundle": CERTIFICATE }).baseDomain).toBe("example.com");
    expect(text).toMatch(/^# yaml-language-server/);
    expect(text).toContain("# Fill in: ");
  });

  test.each(files)("%s is refused with its placeholders", (file) => {
    expect(() => parseConfiguration(engineView(read(`examples/${file}`)))).toThrow("baseDomain");
  });
});
