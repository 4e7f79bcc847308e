import fc from "fast-check";
import { ConfigurationError } from "../../../config/configuration-error";
import { infrastructureIdPrefix } from "../../../config/cluster/fields";
import { parseConfiguration } from "../../../config/parse";
import { describeKey, KEY_NAMES } from "../../../config/schema";
import { problemKeys, problemsOf, THROUGH_BASTION, withKeys } from "./fixture";
import { ED25519, PRIVATE_KEY, PRIVATE_KEY_WITH_PASSPHRASE } from "./key-material";

/** More than twelve mistakes, of every kind. */
const MISTAKES = {
  clusterName: "My_Cluster",
  baseDomain: "https://example.com/",
  release: "4.19.3",
  zones: "us-east-1a,us-east-1b",
  vpcCidr: "10.0.0.1/16",
  publish: "internal",
  masterCount: "2",
  workerCont: "3",
  masterVolumeIops: "100000",
  workerInstanceType: "m6g.large",
  adminCidrs: ["0.0.0.0/0"],
  pullSecret: '{"auths":{"quay.io":{"auth":"aHVudGVyMg=="}}}',
  httpProxy: "https://robot:hunter2@proxy.example.com:3128",
  tags: { Name: "x", "aws:y": "z" },
};

function messageOf(keys: Readonly<Record<string, unknown>>): string {
  try {
    parseConfiguration(withKeys(keys));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the configuration was accepted");
}

describe("the error of a configuration", () => {
  test("lists every problem once, numbered, in the order of docs/configuration.md, unknown keys last", () => {
    const keys = problemKeys(MISTAKES);
    const order = keys.map((key) => (KEY_NAMES as readonly string[]).indexOf(key)).map((index) => (index < 0 ? KEY_NAMES.length : index));
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect([...new Set(keys)].sort()).toEqual(Object.keys(MISTAKES).sort());
    const numbers = messageOf(MISTAKES).match(/^\d+(?=\. )/gm);
    expect(numbers).toEqual(keys.map((_, index) => String(index + 1)));
  });

  test("has no stack trace, because some versions of Node.js need minutes to color it for the SDK", () => {
    const error = new ConfigurationError(problemsOf(withKeys(MISTAKES)));
    expect(error.stack).toBe(`ConfigurationError: ${error.message}`);
  });

  test("is the same for each order of the configuration's keys", () => {
    const backwards = Object.fromEntries(Object.entries(MISTAKES).reverse());
    expect(messageOf(backwards)).toBe(messageOf(MISTAKES));
  });

  test("prints key, problem, value, allowed values and fix", () => {
    expect(messageOf({ masterCount: "2", publish: "internal" })).toBe(
      [
        "This stack's configuration has 2 problems; nothing was changed.",
        "",
        "1. publish is not one of the allowed values",
        "   value:   internal",
        "   allowed: External, Internal",
        "   fix:     pulumi config set publish Internal",
        "",
        "2. masterCount is 2, but etcd needs a majority, so the loss of one of the two nodes would stop the cluster",
        "   value:   2",
        "   allowed: 3, or 1 for a single-node cluster",
        "   fix:     pulumi config set masterCount 3",
        "",
        "All keys: docs/configuration.md",
      ].join("\n"),
    );
  });

  test.each([
    // The Pulumi engine escapes <, > and & in a list or a map.
    [{ adminCidrs: String.raw`["\u003cyour-range\u003e"]` }, 'value:   ["<your-range>"]'],
    [{ tags: String.raw`{"aws:R\u0026D":"x"}` }, 'value:   {"aws:R&D":"x"}'],
    // These texts are not JSON, so the user wrote the escapes.
    [{ clusterName: String.raw`a\u003cb` }, String.raw`value:   a\u003cb`],
    [{ adminCidrs: String.raw`["\u003cyour-range` }, String.raw`value:   ["\u003cyour-range`],
  ])("shows the value of %j as the user wrote it", (keys, value) => {
    expect(messageOf(keys).split("\n   ")).toContain(value);
  });

  test("is printed by Pulumi without a stack trace", () => {
    // The SDK recognizes its RunError by this field (@pulumi/pulumi/errors).
    expect(new ConfigurationError([])).toMatchObject({ __pulumiRunError: true });
  });
});

describe("a region", () => {
  const zones = (region: string) => ["a", "b", "c"].map((letter) => `${region}${letter}`);

  test.each([
    ["eu-centrl-1", "eu-central-1", "is not a region; did you mean eu-central-1?", "eu-central-1"],
    ["us-esat-1", "us-east-1", "is not a region; did you mean us-east-1?", "us-east-1"],
    ["US-EAST-1", "us-east-1", "is not a region; did you mean us-east-1?", "us-east-1"],
    ["us_east_1", "us-east-1", "is not a region; did you mean us-east-1?", "us-east-1"],
    ["ap-southest-2", "ap-southeast-2", "is not a region; did you mean ap-southeast-2?", "ap-southeast-2"],
    ["us-gvo-west-1", "us-gov-west-1", "is not a region; did you mean us-gov-west-1?", "us-gov-west-1"],
    ["eu-central1", "eu-central-1", "is not a region; did you mean eu-central-1?", "eu-central-1"],
    ["Ireland", "eu-west-1", "is not a region", "us-east-1"],
    ["ue-west-1", "eu-west-1", "is unknown to this program, and all zones are in eu-west-1", "eu-west-1"],
    ["us-east-3", "us-east-2", "is unknown to this program, and all zones are in us-east-2", "us-east-2"],
  ])("%s is one problem, which zones of %s do not repeat", (region, other, wrong, meant) => {
    const problems = problemsOf(withKeys({ "aws:region": region, zones: zones(other) }));
    expect(problems).toMatchObject([{ key: "aws:region", wrong, value: region, fix: `pulumi config set aws:region ${meant}` }]);
  });

  test("that exists, with zones in another existing region, gives one problem with two possible fixes", () => {
    const problems = problemsOf(withKeys({ "aws:region": "us-east-2", zones: zones("us-east-1").slice(0, 2) }));
    expect(problems).toMatchObject([
      {
        key: "zones",
        wrong: "are in us-east-1, but aws:region is us-east-2",
        fix: "pulumi config set aws:region us-east-1, or pulumi config set --path 'zones[0]' us-east-2a && pulumi config set --path 'zones[1]' us-east-2b",
      },
    ]);
  });

  test.each(["ap-southeast-9", "nz-north-1", "us-east-3"])(
    "%s is accepted although this program does not know it, because AWS may have opened it since",
    (region) => {
      expect(problemsOf(withKeys({ "aws:region": region, zones: zones(region) }))).toEqual([]);
    },
  );

  test("with a typing error in approvedRegions is reported with the most similar region", () => {
    const problems = problemsOf(withKeys({ approvedRegions: ["us-east-1", "eu-centrl-1"] }));
    expect(problems).toMatchObject([
      {
        key: "approvedRegions",
        wrong: 'item 2 ("eu-centrl-1") is not a region; did you mean eu-central-1?',
        fix: "pulumi config set --path 'approvedRegions[1]' eu-central-1",
      },
    ]);
  });
});

describe("the fix of a problem", () => {
  test.each([
    [
      { zones: "us-east-1a,us-east-1b" },
      "pulumi config set --path 'zones[0]' us-east-1a && pulumi config set --path 'zones[1]' us-east-1b",
    ],
    [{ clusterName: "My_Cluster" }, "pulumi config set clusterName my-cluster"],
    [{ distribution: "OpenShift" }, "pulumi config set distribution openshift"],
    [{ workerCount: "many" }, "pulumi config set workerCount 3"],
    [{ workerCount: "-1" }, "pulumi config set workerCount 0"],
    [{ workrCount: "3" }, "pulumi config rm workrCount, and set workerCount instead"],
    [{ sshKey: "x" }, "pulumi config rm sshKey, and set sshPublicKey instead"],
    [{ worker_count: "3" }, "pulumi config rm worker_count, and set workerCount instead"],
    [{ region: "us-east-1" }, "pulumi config rm region, and pulumi config set aws:region instead"],
    [{ colour: "blue" }, "pulumi config rm colour"],
    [{ adminCidrs: ["10.0.0.0/8", "203.0.113.7"] }, "pulumi config set --path 'adminCidrs[1]' 203.0.113.7/32"],
    [{ adminCidrs: ["10.0.0.1/8"] }, "pulumi config set --path 'adminCidrs[0]' 10.0.0.0/8"],
    [{ zones: ["us-east-1a", "use1-az2"] }, "pulumi config set --path 'zones[1]' us-east-1a"],
    [{ masterRoleName: "arn:aws:iam::123456789012:role/x/okd" }, "pulumi config set masterRoleName okd"],
    [{ "aws:region": undefined }, "pulumi config set aws:region us-east-1"],
    [{ vpcCidr: "10.0.0.0/23", workerCount: 60 }, "pulumi config set vpcCidr 10.0.0.0/22"],
    [{ tags: [1] }, "pulumi config set --path 'tags.team' platform"],
    [{ installerHostAccess: "forward" }, "pulumi config set installerHostAccess forwarded"],
    [{ publish: "Internal" }, "pulumi config set installerHostAccess forwarded, or pulumi config set executor local"],
    [
      { adminCidrs: [] },
      "pulumi config set --path 'adminCidrs[0]' $(curl -s https://checkip.amazonaws.com)/32, or pulumi config set installerHostAccess forwarded",
    ],
    [
      { installerHostImageId: "" },
      `pulumi config set installerHostImageId "$(curl -s https://builds.coreos.fedoraproject.org/streams/stable.json | jq -r '.architectures.x86_64.images.aws.regions["us-east-1"].image')", or pulumi config set executor local`,
    ],
    [
      { sshPublicKey: ED25519 },
      "pulumi config set --secret sshPrivateKey < key, or pulumi config rm sshPublicKey so that the program creates a key pair",
    ],
    [{ bastionHost: "ssh://me@bastion.example.com/" }, "pulumi config set bastionHost bastion.example.com"],
    [{ bastionHostKey: `b ${ED25519}` }, `pulumi config set bastionHostKey '${ED25519.replace(" core@okd", "")}'`],
    [{ forwardedPort: 10_022 }, "pulumi config set installerHostAccess forwarded, or pulumi config rm forwardedPort"],
    [{ masterVolumeThroughput: 1000 }, "pulumi config set masterVolumeIops 4000, or pulumi config set masterVolumeThroughput 750"],
  ])("for %j is %s", (keys, fix) => {
    expect(problemsOf(withKeys(keys)).map((problem) => problem.fix)).toEqual([fix]);
  });

  test("solves the problem if it is a single command", () => {
    const setCommand = /^pulumi config set (\w+) (\S+)$/;
    const single = {
      baseDomain: "Example.COM",
      clusterName: "-Dev-",
      publish: "Extrenal",
      masterCount: 2,
      masterVolumeSize: 20,
      vpcCidr: "10.1.2.3/16",
    };
    for (const [key, value] of Object.entries(single)) {
      const [problem] = problemsOf(withKeys({ [key]: value }));
      const [, name = "", word = ""] = setCommand.exec(problem.fix) ?? [];
      expect(problemsOf(withKeys({ [key]: value, [name]: word }))).toEqual([]);
    }
  });

  // The excluded keys contain PEM texts. Their examples are only a first line, which is neither a certificate nor a key.
  test.each(KEY_NAMES.filter((name) => !/^(additionalTrustBundle|.*PrivateKey|.*Certificate(Keys?|Authority)?)$/.test(name)))(
    "may use the documented example of %s, because the example is valid",
    (name) => {
      const { example } = describeKey(name);
      // An example may be refused because keys that it needs are missing. Its own form must be valid, so only problems with
      // these words are allowed.
      for (const problem of problemsOf(withKeys({ [name]: example }))) {
        expect(problem.wrong).toMatch(/but|together with|too small for/);
      }
    },
  );
});

describe("a secret value", () => {
  const hidden = ["hunter2", "aHVudGVyMg", "b3BlbnNzaC1rZXk"]; // The last text is the beginning of every key in OpenSSH's own format.

  test.each<[string, Record<string, unknown>]>([
    ["a pull secret that is not JSON", { pullSecret: "hunter2" }],
    ["a pull secret of the wrong type", { pullSecret: { auth: "hunter2" } }],
    ["a pull secret with credentials for half an entry", { pullSecret: '{"auths":{"quay.io":{"auth":"aHVudGVyMg=="}}}' }],
    ["a misspelt pull secret", { pullSecrets: "hunter2" }],
    ["a proxy's password", { httpProxy: "https://robot:hunter2@proxy.example.com:3128" }],
    ["a proxy's password with an at sign", { httpProxy: "https://robot:hun@ter2hunter2@proxy.example.com:3128" }],
    ["a proxy's password without a scheme", { httpsProxy: "robot:hunter2@proxy.example.com:3128" }],
    ["a private key", { sshPublicKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n" }],
    ["a private key with a passphrase", { ...THROUGH_BASTION, bastionPrivateKey: PRIVATE_KEY_WITH_PASSPHRASE }],
    ["a private key that does not match the public key", { sshPublicKey: ED25519, sshPrivateKey: PRIVATE_KEY }],
    ["a damaged private key", { ...THROUGH_BASTION, bastionPrivateKey: PRIVATE_KEY_WITH_PASSPHRASE.replace("BEGIN", "") }],
    ["a host's private key", { ...THROUGH_BASTION, bastionHostKey: PRIVATE_KEY_WITH_PASSPHRASE }],
    ["a private key in a bundle", { additionalTrustBundle: "-----BEGIN PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END PRIVATE KEY-----\n" }],
    ["a private key where none is expected", { clusterName: "-----BEGIN PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n" }],
  ])("is in no error: %s", (_, keys) => {
    const message = messageOf(keys);
    for (const word of hidden) expect(message).not.toContain(word);
  });

  test("is refused if the stack file has it in plain text and the caller says which keys are encrypted", () => {
    const raw = withKeys({ pullSecret: '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNz"}}}' });
    expect(problemsOf(raw, { isSecret: () => false }).map(({ key, wrong }) => `${key} ${wrong}`)).toEqual([
      "pullSecret is stored in plain text in the stack file",
    ]);
    expect(problemsOf(raw, { isSecret: (key) => key === "okd-aws:pullSecret" })).toEqual([]);
    expect(problemsOf(withKeys({}), { isSecret: () => false })).toEqual([]);
  });
});

describe("a configuration with random values", () => {
  const values = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.dictionary(fc.string(), fc.string()),
    fc.constant(null),
  );

  test("is accepted or gives a ConfigurationError, whichever key has the random value", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEY_NAMES), values, (key, value) => {
        expect(problemsOf({ ...withKeys({}), [`okd-aws:${key}`]: value }).every((problem) => problem.fix !== "")).toBe(true);
        expect(problemsOf({ ...withKeys({}), [`okd-aws:${key}`]: JSON.stringify(value) }).every((problem) => problem.fix !== "")).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });

  test("gives resource names that AWS accepts if its random cluster name is accepted", () => {
    const names = fc.stringMatching(/^[a-z0-9-]{1,60}$/).filter((clusterName) => problemKeys({ clusterName }).length === 0);
    fc.assert(
      fc.property(names, (clusterName) => {
        const infraId = `${infrastructureIdPrefix(clusterName)}ab1de`;
        expect(infraId).toMatch(/^[a-z0-9](?:-?[a-z0-9])*$/);
        expect(`${infraId}-ext`.length).toBeLessThanOrEqual(32);
        expect(infraId).not.toMatch(/^(internal|sg)-/);
      }),
    );
  });
});
