/**
 * The mirror of the release in the installer host's registry, tested with the whole program. program.ts lists the facts that this kind of test
 * cannot prove.
 */
import { load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Declared, Program, say } from "./program";

// test/component/ssh-installation.test.ts tests the credentials that a step gets.
jest.mock("../../components/installer/deployer-credentials", () => ({ deployerCredentials: () => Promise.resolve({}) }));

type Keys = Readonly<Record<string, unknown>>;

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const releaseImage = `quay.io/okd/scos-release@${digest}`;
const restricted: Keys = { installerHost: true, mirror: "restricted", credentialsMode: "passthrough", releaseImage };
const airGapped = {
  ...restricted,
  mirror: "air-gapped",
  credentialsMode: "passthrough",
  mirrorArchive: "s3://okd-archive/4.19",
  publish: "Internal",
  adminCidrs: [],
};
// The dev stack without its router shards: other tests cover them, and a public shard cannot exist without internet access.
const run = (changes: Keys) => Program.run(devStack({ routerShards: [], ...changes }));

/** The number of resources by which a program differs from another program, by short type. */
function difference(program: Program, from: Program): Record<string, number> {
  const [now, then] = [program.counts(), from.counts()];
  const types = [...new Set([...Object.keys(now), ...Object.keys(then)])];
  const changes = types.map((type) => [type.split(":").at(-1) ?? "", (now[type] ?? 0) - (then[type] ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, count]) => count !== 0));
}

const step = (program: Program, name: string) => program.one("command:local:Command", name);
/** The files on a step's standard input after the script. */
const inputOf = ({ inputs }: Declared) =>
  decodeFiles(
    (inputs.stdin as string)
      .split("\n")
      .filter((line) => /^[\w./-]+ H4sI\S+$/.test(line))
      .join("\n"),
  );
const policy = (program: Program) =>
  (
    JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "installer-host-role-policy").inputs.policy as string) as {
      Statement: { Action: string[]; Resource: string }[];
    }
  ).Statement.map(({ Action, Resource }) => `${Action.join(" ")} on ${Resource}`);

describe("the mirror as a fallback", () => {
  let program: Program;
  let plain: Program;
  beforeAll(async () => {
    plain = await run({ installerHost: true, releaseImage });
    program = await run({ ...restricted, mirror: "fallback" });
  });

  test("adds only a secret in Secrets Manager, two commands and the nodes' pull secret, and does not change the network", () => {
    expect(difference(program, plain)).toEqual({ Secret: 1, SecretVersion: 1, Command: 2, SecretPatch: 1 });
  });

  test("is complete before the ignition configs are created, and so before any node boots", () => {
    const wait = step(program, "mirror-wait");
    expect(program.isAfter(wait, program.one("aws:ec2/instance:Instance", "installer-host-machine"))).toBe(true);
    expect(program.isAfter(step(program, "installation-ignition"), wait)).toBe(true);
    expect(program.isAfter(step(program, "mirror-resources"), step(program, "install-complete-result"))).toBe(true);
    expect(JSON.parse(wait.inputs.create as string)).toMatchObject({
      region: "us-east-1",
      bucket: `${infraId}-assets`,
      volumeId: "installer-host-data-id",
    });
  });

  test("is in the install-config and in manifests, whose policy also allows other registries", () => {
    const files = inputOf(step(program, "installation-ignition"));
    const config = load(files["install-config.yaml"]) as Record<string, unknown>;
    expect(config.imageDigestSources).toHaveLength(2);
    expect(config).toMatchObject({ additionalTrustBundle: "stub authority\n", additionalTrustBundlePolicy: "Always" });
    const own = Object.entries(files).filter(([path]) => path.includes("_mirror_"));
    expect(own.map(([path]) => path)).toEqual([
      "patches/manifests/99_okd-aws_mirror_tags.yaml",
      "patches/manifests/99_okd-aws_mirror_imagedigestmirrorset_idms-release-0.yaml",
    ]);
    for (const [, text] of own) expect(text).toContain("mirrorSourcePolicy: AllowContactingSource");
  });

  test("adds only two permissions to the installer host: to read the pull secret and to publish its progress in the bucket", () => {
    const key = (JSON.parse(step(program, "mirror-wait").inputs.create as string) as { key: string }).key;
    expect(policy(program).filter((statement) => !policy(plain).includes(statement))).toEqual([
      "secretsmanager:GetSecretValue on arn:stub:mirror-pull-secret",
      `s3:PutObject on arn:aws:s3:::${infraId}-assets/${key}`,
    ]);
  });

  test("keeps the registries' credentials secret everywhere", () => {
    const readable = JSON.stringify(program.resources.map((resource) => resource.readable));
    expect(readable).not.toContain("stub-registry-password");
    const auth = Buffer.from("okd:stub-registry-password").toString("base64");
    expect(readable).not.toContain(auth);
    const filled = program.one("aws:secretsmanager/secretVersion:SecretVersion", "mirror-pull-secret-version");
    expect(decodeFiles(filled.inputs.secretString as string)["auth.json"]).toContain(auth);
  });
});

describe("the restricted mirror", () => {
  let program: Program;
  beforeAll(async () => {
    program = await run({ ...restricted, publish: "Internal" });
  });

  test("has VPC endpoints instead of NAT gateways for the nodes, and a public address only for the installer host", async () => {
    const before = await run({ installerHost: true, publish: "Internal", releaseImage });
    expect(difference(program, before)).toEqual({
      // Three addresses fewer, because there are no NAT gateways, and one more for the installer host.
      Eip: -2,
      EipAssociation: 1,
      NatGateway: -3,
      Route: -3,
      VpcEndpoint: 3,
      SecurityGroup: 1,
      SecurityGroupIngressRule: 1,
      Secret: 1,
      SecretVersion: 1,
      // The nodes' pull secret.
      SecretPatch: 1,
      // Three commands: the wait for the mirror, the lookup of the router's address, and the configuration of the complete cluster.
      Command: 3,
      Record: 1,
    });
    expect(say(program.one("aws:ec2/instance:Instance", "installer-host-machine"), "subnetId")).toBe("network-public-us-east-1a-id");
    const routes = program.all("aws:ec2/route:Route").map((route) => say(route, "routeTableId", "gatewayId", "natGatewayId"));
    expect(routes).toEqual(["network-public-id network-gateway-id"]);
    const services = program.all("aws:ec2/vpcEndpoint:VpcEndpoint").map((endpoint) => say(endpoint, "vpcEndpointType", "serviceName"));
    expect(services.sort()).toEqual([
      "Gateway com.amazonaws.us-east-1.s3",
      "Interface com.amazonaws.us-east-1.ec2",
      "Interface com.amazonaws.us-east-1.elasticloadbalancing",
      "Interface com.amazonaws.us-east-1.sts",
    ]);
  });

  test("opens port 5000 of the host's registry to the machine network, where nodes look for the registry", () => {
    const rules = program.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const ways = rules.filter(({ inputs }) => inputs.fromPort === 5000).map((rule) => say(rule, "securityGroupId", "cidrIpv4", "toPort"));
    expect(ways).toEqual(["installer-host-group-id 10.0.0.0/16 5000"]);
  });

  test("is the cluster's only source of images, and this program writes the applications' DNS records, because the cluster manages no zone", () => {
    const files = inputOf(step(program, "installation-ignition"));
    expect((load(files["patches/manifests/dns.yml"]) as { spec: object }).spec).toEqual({ baseDomain: "dev.okd.example.com" });
    expect(files["patches/manifests/99_okd-aws_mirror_tags.yaml"]).toContain("mirrorSourcePolicy: NeverContactSource");
    const record = program.one("aws:route53/record:Record", "apps-records-private");
    expect(record.inputs).toMatchObject({
      zoneId: "Z0MADE",
      name: "*.apps.dev.okd.example.com",
      type: "CNAME",
      records: ["router.elb.stub"],
    });
    expect(program.isAfter(step(program, "install-complete"), record)).toBe(true);
    const objects = JSON.parse(inputOf(step(program, "mirror-resources"))["objects.json"]) as { items: { kind: string }[] };
    expect(objects.items.map(({ kind }) => kind)).toEqual(["ImageDigestMirrorSet", "ConfigMap", "Image", "OperatorHub"]);
  });

  test("operators wait until the cluster has the catalogs of the mirror", async () => {
    const operator = { name: "demo", namespace: "demo", source: "cs-team", channel: "stable", startingCSV: "demo.v1.0.0" };
    const program = await run({ ...restricted, operators: [operator] });
    const subscription = program.one("kubernetes:operators.coreos.com/v1alpha1:Subscription");
    expect(program.isAfter(subscription, step(program, "mirror-resources"))).toBe(true);
  });

  test("with a proxy the cluster writes the applications' DNS records itself", async () => {
    const proxied = await run({ ...restricted, httpsProxy: "http://proxy.example.com:3128" });
    expect(proxied.resources.filter(({ name }) => name.startsWith("apps-records"))).toEqual([]);
    const { spec } = load(inputOf(step(proxied, "installation-ignition"))["patches/manifests/dns.yml"]) as { spec: object };
    expect(spec).toHaveProperty("privateZone", { id: "Z0MADE" });
  });
});

test("an update service adds a step, which comes after the catalogs and which no other resource waits for", async () => {
  const openshift: Keys = {
    ...restricted,
    distribution: "openshift",
    release: "4.19.3",
    releaseImage: `quay.io/openshift-release-dev/ocp-release@${digest}`,
    pullSecret: JSON.stringify({ auths: { "quay.io": { auth: "dXNlcjpwYXNz" }, "registry.redhat.io": { auth: "dXNlcjpwYXNz" } } }),
  };
  const given = (changes: Keys) => Program.run(devStack({ ...openshift, ...changes }), {}, ["okd-aws:pullSecret"]);
  const [program, without] = [await given({ updateService: true }), await given({})];
  expect(difference(program, without)).toEqual({ Command: 1 });
  const service = step(program, "mirror-update-service");
  expect(program.isAfter(service, step(program, "mirror-resources"))).toBe(true);
  expect(service.inputs.environment).toMatchObject({
    AWAITED: "/apis/updateservice.operator.openshift.io/v1",
    AWAIT_SECONDS: "600",
    AWAIT_FAILURE: expect.stringMatching(
      /^The update service's operator has not started within 600 seconds\. .*the next update tries again/,
    ) as string,
  });
  // No other resource waits for the update service.
  expect(program.resources.filter((each) => each !== service && program.isAfter(each, service))).toEqual([]);
});

test("an air-gapped network has neither an internet gateway nor a route, and the installer host may read the archive", async () => {
  const program = await run(airGapped);
  const counts = program.counts();
  for (const type of ["ec2/internetGateway:InternetGateway", "ec2/natGateway:NatGateway", "ec2/eip:Eip", "ec2/route:Route"])
    expect(counts).not.toHaveProperty([`aws:${type}`]);
  expect(program.all("aws:ec2/subnet:Subnet").map(({ name }) => name)).toEqual(
    ["a", "b", "c"].map((zone) => `network-private-us-east-1${zone}`),
  );
  expect(say(program.one("aws:ec2/instance:Instance", "installer-host-machine"), "subnetId")).toBe("network-private-us-east-1a-id");
  expect(policy(program)).toEqual(
    expect.arrayContaining(["s3:ListBucket on arn:aws:s3:::okd-archive", "s3:GetObject on arn:aws:s3:::okd-archive/4.19/*"]),
  );
  const endpoints = program.all("aws:ec2/vpcEndpoint:VpcEndpoint").map((endpoint) => say(endpoint, "serviceName").split(".").at(-1));
  expect(endpoints.sort()).toEqual(["ec2", "elasticloadbalancing", "s3", "secretsmanager", "ssm", "sts"]);
});

describe("an air-gapped cluster that is installed over ssh", () => {
  let program: Program;
  beforeAll(async () => {
    const overSsh = { executor: "ssh", installerHostAccess: "forwarded", installerHostImageId: "ami-0123456789abcdef0" };
    program = await run({ ...airGapped, ...overSsh, credentialsMode: "manual" });
  });

  test("reads the release's CredentialsRequests from the installer host's registry, after the release is mirrored there", () => {
    const asking = program.one("command:remote:Command", "cloud-credentials-requests");
    expect(program.isAfter(asking, step(program, "mirror-wait"))).toBe(true);
    expect(asking.inputs.stdin).toContain(
      `export MIRRORED_RELEASE_IMAGE='registry.dev.okd.example.com:5000/openshift/release-images@${digest}'`,
    );
    const files = inputOf(asking);
    expect(files["registry-ca.crt"]).toBe("stub authority");
    const auth = Buffer.from("okd:stub-registry-password").toString("base64");
    expect(JSON.parse(files["pull-secret.json"])).toEqual({ auths: { "registry.dev.okd.example.com:5000": { auth } } });
  });

  test("reaches Systems Manager through an endpoint, and gets the image of the Systems Manager agent from the archive", () => {
    const endpoints = program.all("aws:ec2/vpcEndpoint:VpcEndpoint").map((endpoint) => say(endpoint, "serviceName").split(".").at(-1));
    expect(endpoints).toContain("ssmmessages");
    const ignition = program.one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign").inputs.content as string;
    expect(ignition).toContain("s3://okd-archive/4.19/images/ssm-agent.tar");
  });
});
