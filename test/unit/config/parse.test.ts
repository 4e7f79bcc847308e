import { generateKeyPairSync } from "node:crypto";
import { imageReference } from "../../../config/container-images";
import { parseConfiguration } from "../../../config/parse";
import { IN_EXISTING_VPC, OPENSHIFT, problemsOf, PULL_SECRET_JSON, THROUGH_BASTION, withKeys, WITHOUT_HOST } from "./fixture";
import { CERTIFICATE, ECDSA, ED25519, PRIVATE_KEY, PUBLIC_KEY, RSA_2048 } from "./key-material";

type Keys = Readonly<Record<string, unknown>>;

const KMS_KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const DIGEST = `sha256:${"0".repeat(64)}`;
const NEEDED = ["CloudCredential", "Ingress", "CloudControllerManager"];
const PRIVATE = { publish: "Internal", installerHostAccess: "forwarded" };
const ENDPOINTS = { vpcEndpoints: ["ec2", "elasticloadbalancing"] };
const RSA_PEM = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();

/** Valid configurations, each with the feature that makes it special. */
const ACCEPTED: readonly (readonly [string, Keys])[] = [
  ["a minimal configuration", {}],
  ["a name of 54 characters", { clusterName: "a".repeat(54) }],
  ["a name that starts with a digit", { clusterName: "4ever" }],
  ["a name that only contains a refused start", { clusterName: "my-internal-sg" }],
  ["OpenShift with its pull secret", { distribution: "openshift", release: "4.19.3", pullSecret: PULL_SECRET_JSON }],
  ["a release candidate", { distribution: "openshift", release: "4.19.0-rc.1", pullSecret: PULL_SECRET_JSON }],
  [
    "OpenShift from a mirror with the mirror's credentials",
    {
      distribution: "openshift",
      release: "4.19.3",
      releaseImage: `mirror.example.com:5000/ocp/release@${DIGEST}`,
      pullSecret: '{"auths":{"mirror.example.com:5000":{"auth":"dXNlcjpwYXNz"}}}',
    },
  ],
  ["a release image with the release's tag", { releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1" }],
  ["short-lived credentials", { credentialsMode: "manual" }],
  [
    "short-lived credentials with a boundary, and existing roles for the instances",
    {
      credentialsMode: "manual",
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
      masterRoleName: "master",
      workerRoleName: "worker",
      bootstrapRoleName: "bootstrap",
    },
  ],
  ["FIPS", { ...OPENSHIFT, fips: true }],
  ["FIPS with an RSA key", { ...OPENSHIFT, executor: "local", fips: true, sshPublicKey: RSA_2048 }],
  ["every capability, listed by name", { baselineCapabilitySet: "vCurrent" }],
  ["the smallest possible capability set", { baselineCapabilitySet: "None", additionalEnabledCapabilities: NEEDED }],
  [
    "the smallest possible capability set before credentials became optional",
    { ...OPENSHIFT, release: "4.14.9", baselineCapabilitySet: "None" },
  ],
  [
    "the marketplace before the Operator Lifecycle Manager became optional",
    { ...OPENSHIFT, release: "4.14.9", baselineCapabilitySet: "v4.11" },
  ],
  ["one zone", { zones: ["us-east-1f"] }],
  ["a region of GovCloud", { ...PRIVATE, "aws:region": "us-gov-west-1", zones: ["us-gov-west-1a"] }],
  ["a GovCloud region with user-managed records", { dnsManagement: "user", "aws:region": "us-gov-west-1", zones: ["us-gov-west-1a"] }],
  ["a single node", { masterCount: 1, workerCount: 0, masterInstanceType: "m6i.2xlarge" }],
  ["a compact cluster", { workerCount: 0 }],
  ["infra nodes", { infraCount: 3, infraInstanceType: "r6i.large" }],
  ["Graviton machines", { masterInstanceType: "m7g.xlarge", workerInstanceType: "c7gn.xlarge" }],
  ["an empty pool with another architecture", { masterInstanceType: "m7g.xlarge", workerCount: 0 }],
  ["bare metal", { workerInstanceType: "m6i.metal" }],
  ["the fastest gp3 volume", { masterVolumeSize: 160, masterVolumeIops: 80_000, masterVolumeThroughput: 2_000 }],
  ["an io2 volume", { workerVolumeType: "io2", workerVolumeIops: 20_000 }],
  ["limits of empty pools", { infraVolumeType: "io1", infraVolumeIops: 200_000 }],
  ["a small VPC", { vpcCidr: "192.168.2.0/23" }],
  ["an existing VPC", IN_EXISTING_VPC],
  ["an existing VPC, private", { ...IN_EXISTING_VPC, ...PRIVATE, publicSubnetIds: [] }],
  ["an existing VPC with one subnet", { ...IN_EXISTING_VPC, privateSubnetIds: ["subnet-00000001"], publicSubnetIds: ["subnet-0000000a"] }],
  ["existing groups", { ...IN_EXISTING_VPC, masterSecurityGroupIds: ["sg-0123456789abcdef0"] }],
  [
    "an existing zone of another account",
    { ...IN_EXISTING_VPC, privateZoneId: "Z0123456789ABC", privateZoneRoleArn: "arn:aws:iam::210987654321:role/dns/shared" },
  ],
  ["a private cluster in a new VPC", PRIVATE],
  ["user-managed DNS", { dnsManagement: "user" }],
  [
    "no NAT gateway with a proxy",
    {
      ...WITHOUT_HOST,
      natGateways: "none",
      httpsProxy: "http://user:pass@proxy.example.com:3128",
      noProxy: ".example.com,10.0.0.0/8,192.168.1.1",
    },
  ],
  ["no NAT gateway with a mirror", { natGateways: "none", releaseImage: `mirror.example.com/okd/release@${DIGEST}`, ...ENDPOINTS }],
  ["a KMS key of the region", { volumeKmsKeyArn: KMS_KEY }],
  [
    "a permissions boundary for the created roles",
    { permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/dev/boundary", masterRoleName: "okd-master" },
  ],
  [
    "a permissions boundary for the installer host's role only",
    {
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/b",
      masterRoleName: "m",
      workerRoleName: "w",
      bootstrapRoleName: "b",
    },
  ],
  ["a permissions boundary that AWS manages", { permissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" }],
  ["an ed25519 key", { executor: "local", sshPublicKey: `${ED25519}\n` }],
  ["a key with comment lines", { executor: "local", sshPublicKey: `# anna\r\n\r\n${ED25519}\r\n# end\r\n` }],
  ["an RSA key", { executor: "local", sshPublicKey: RSA_2048 }],
  ["an ECDSA key without a comment", { executor: "local", sshPublicKey: ECDSA.split(" ").slice(0, 2).join(" ") }],
  ["a bundle of two certificates", { additionalTrustBundle: CERTIFICATE + CERTIFICATE }],
  ["a bundle with comments", { additionalTrustBundle: `# ours\n${CERTIFICATE}` }],
  [
    "proxy exceptions with IPv6 addresses",
    { ...WITHOUT_HOST, httpsProxy: "http://p:1", noProxy: "fd00::/8,::1,2001:db8::1/64,10.0.0.1/8,.example.com" },
  ],
  ["metrics on volumes", { monitoringRetention: "1w2d", monitoringRetentionSize: "85GiB", prometheusVolumeGib: 100 }],
  [
    "monitoring on infra nodes, with the users' metrics",
    { monitoringOnInfraNodes: true, infraCount: 2, userWorkloadMonitoring: true, userWorkloadRetention: "24h" },
  ],
  [
    "operators that watch other namespaces, on infra nodes, from their own catalogs",
    {
      infraCount: 1,
      operators: [
        {
          name: "demo",
          namespace: "demo",
          source: "team",
          channel: "stable",
          startingCSV: "demo.v1.0.0",
          targetNamespaces: ["a", "b"],
          onInfraNodes: true,
        },
        {
          name: "other",
          namespace: "other",
          source: "mine",
          sourceNamespace: "other",
          channel: "stable",
          approval: "Automatic",
          env: { LOG_LEVEL: "debug" },
        },
        ...["one", "two"].map((name) => ({
          name,
          namespace: "openshift-operators",
          source: "community-operators",
          channel: "v1",
          startingCSV: `${name}.v1.0.0`,
        })),
      ],
    },
  ],
  [
    "schedules of Velero on infra nodes",
    {
      veleroSchedules: [
        { name: "daily" },
        { name: "shop", schedule: "@every 6h", includedNamespaces: ["shop-?", "team-*"], volumes: true },
      ],
      veleroOnInfraNodes: true,
      infraCount: 1,
    },
  ],
  ["a file system whose files never move", { efsFileSystem: true, efsInfrequentAccessDays: 0, efsKeepFileSystem: false }],
  [
    "Max I/O with provisioned throughput",
    { efsFileSystem: true, efsPerformanceMode: "maxIO", efsThroughputMode: "provisioned", efsProvisionedThroughput: 1 },
  ],
  ["the class of an existing file system", { efsFileSystemId: "fs-01234567", storageClasses: [{ type: "efs", name: "shared" }] }],
  ["a cron schedule with names", { imagePrunerSchedule: "0 3 * jan-mar sun" }],
  ["the fastest gp3 storage class", { storageClasses: [{ type: "ebs", name: "fast", iops: 80_000, throughput: 2_000 }] }],
  ["tags", { tags: { team: "platform", "cost center": "42/1 @home" } }],
  [
    "a tag with every allowed character",
    { tags: { "a-Z_0.9:/=+@": "https://wiki.example.com/a=b+c@d", release: "2024_01_15", when: "2024-01-15T12:00:00+01:00" } },
  ],
  ["25 tags", { tags: Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`t${index}`, "x"])) }],
  ["a tag that only old releases accept", { ...OPENSHIFT, release: "4.17.9", tags: { team: "a-b" } }],
  ["a tag with a blank from 4.18 on", { ...OPENSHIFT, release: "4.18.0", tags: { team: "a b" } }],
  ["admin ranges", { adminCidrs: ["198.51.100.0/24", "203.0.113.7/32"] }],
  [
    "approved regions and instance types for the policy pack",
    { approvedRegions: ["eu-west-1"], approvedInstanceTypes: ["m6i.*", "t3.large"] },
  ],
  ["keys of other namespaces", { "aws:defaultTags": "{}", "kubernetes:context": "x" }],
  ["the local executor", { executor: "local", adminCidrs: [] }],
  ["the local executor, in a private network", { executor: "local", publish: "Internal" }],
  ["an installer host behind a bastion", { ...THROUGH_BASTION, publish: "Internal", adminCidrs: [] }],
  ["a bastion at another port", { ...THROUGH_BASTION, bastionHost: "192.0.2.7:2200" }],
  ["an RSA key in PEM form for the bastion", { ...THROUGH_BASTION, bastionPrivateKey: RSA_PEM }],
  ["an installer host behind a forwarded port", { installerHostAccess: "forwarded", forwardedPort: 10_022, adminCidrs: [] }],
  ["250 workers", { workerCount: 250 }],
  ["an installer host of the release's image", { executor: "local", installerHostImageId: "" }],
  ["a key pair of the user to log in with", { sshPublicKey: PUBLIC_KEY, sshPrivateKey: PRIVATE_KEY }],
  ["an RSA key in PEM form to log in with", { sshPublicKey: RSA_2048, sshPrivateKey: RSA_PEM }],
  [
    "an installer host with all of its keys set",
    {
      installerHost: true,
      installerHostInstanceType: "m6i.xlarge",
      registryStorage: "s3",
      registryVolumeSize: 500,
      registryImage: `mirror.example.com:5000/library/registry@sha256:${"0".repeat(64)}`,
      registryRotation: "2",
    },
  ],
];

describe("a configuration is accepted with", () => {
  test.each(ACCEPTED)("%s", (_, keys) => {
    expect(problemsOf(withKeys(keys))).toEqual([]);
  });
});

describe("the configuration", () => {
  test("has the defaults of OpenShift's installer and of this project", () => {
    const configuration = parseConfiguration(withKeys({}));
    expect(configuration).toMatchObject({
      clusterDomain: "dev.okd.example.com",
      region: "us-east-1",
      distribution: "okd",
      architecture: "amd64",
      network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "per-zone", publicSubnets: true, interfaceEndpoints: [] },
      machineCidrs: ["10.0.0.0/16"],
      clusterNetworkCidr: "10.128.0.0/14",
      clusterNetworkHostPrefix: 23,
      serviceNetworkCidr: "172.30.0.0/16",
      publish: "External",
      dns: { management: "managed" },
      masters: { count: 3, instanceType: "m6i.xlarge", volume: { sizeGib: 120, type: "gp3", iops: 3000, throughput: 125 } },
      protectMasters: true,
      workers: { count: 3 },
      infra: { count: 0 },
      bootstrap: { instanceType: "m6i.xlarge" },
      iam: {},
    });
    expect(configuration.pullSecret.reveal()).toBe('{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}');
    expect(Object.keys(configuration)).not.toContain("sshPublicKey");
    expect(Object.keys(configuration)).not.toContain("proxy");
  });

  test("has an installer host only if configured, and by default with an instance type of the control plane's architecture", () => {
    expect(parseConfiguration(withKeys(WITHOUT_HOST)).installerHost).toBeUndefined();
    const registry = { storage: "volume", volumeSizeGib: 200, image: imageReference("registry"), rotation: "" };
    const imageId = "ami-0123456789abcdef0";
    expect(parseConfiguration(withKeys({})).installerHost).toEqual({ instanceType: "m6i.large", imageId, registry });
    const graviton = { masterInstanceType: "m7g.xlarge", workerInstanceType: "m7g.xlarge", registryRotation: "2" };
    expect(parseConfiguration(withKeys({ ...graviton, executor: "local", installerHostImageId: "" })).installerHost).toEqual({
      instanceType: "m6g.large",
      registry: { ...registry, rotation: "2" },
    });
  });

  test("keeps the ssh private key secret", () => {
    const configuration = parseConfiguration(withKeys({ sshPublicKey: PUBLIC_KEY, sshPrivateKey: PRIVATE_KEY }));
    expect([configuration.sshPrivateKey?.reveal(), JSON.stringify(configuration).includes(PRIVATE_KEY.slice(40, 80))]).toEqual([
      PRIVATE_KEY,
      false,
    ]);
  });

  test("derives the values of keys that are not set from other keys", () => {
    const graviton = parseConfiguration(withKeys({ masterInstanceType: "m7g.2xlarge", workerCount: 0, masterVolumeType: "io2" }));
    expect(graviton).toMatchObject({ architecture: "arm64", bootstrap: { instanceType: "m7g.2xlarge" } });
    expect(graviton.masters.volume).toEqual({ sizeGib: 120, type: "io2", iops: 3000 });
    const existing = parseConfiguration(withKeys({ ...IN_EXISTING_VPC, privateZoneId: "Z0123456789ABC" }));
    expect(existing).toMatchObject({
      machineCidrs: ["10.20.0.0/16"],
      network: { kind: "existing", vpcId: "vpc-0123456789abcdef0" },
      dns: { management: "managed", privateZone: { id: "Z0123456789ABC" } },
      zones: [],
    });
    const ranges = parseConfiguration(withKeys({ ...IN_EXISTING_VPC, machineCidr: "10.30.0.0/20, 10.20.0.0/22" }));
    expect(ranges.machineCidrs).toEqual(["10.30.0.0/20", "10.20.0.0/22"]);
  });

  test("has the executor, and for the executor ssh the way to reach the installer host", () => {
    const executor = (keys: Keys) => parseConfiguration(withKeys(keys)).executor;
    expect(executor({})).toEqual({ kind: "ssh", access: { kind: "public" } });
    expect(executor({ executor: "local" })).toEqual({ kind: "local" });
    expect(executor({ installerHostAccess: "forwarded" })).toEqual({ kind: "ssh", access: { kind: "forwarded", port: 2222 } });
    const through = executor({ ...THROUGH_BASTION, bastionHost: "bastion.example.com:2200" });
    if (through.kind !== "ssh" || through.access.kind !== "bastion") throw new Error("not through a bastion");
    const { privateKey, ...bastion } = through.access.bastion;
    expect(bastion).toEqual({ host: "bastion.example.com", port: 2200, user: "ec2-user", hostKey: ECDSA });
    expect([privateKey.reveal(), JSON.stringify(through).includes(PRIVATE_KEY.slice(40, 80))]).toEqual([PRIVATE_KEY, false]);
  });

  test("is the same whether the values are typed or the strings that the Pulumi engine passes", () => {
    const typed = { ...withKeys({ workerCount: undefined }), zones: ["us-east-1a"], workerCount: 5, protectMasters: false };
    expect(parseConfiguration({ ...typed, "okd-aws:zones": undefined })).toMatchObject({
      workers: { count: 5 },
      protectMasters: false,
      zones: ["us-east-1a"],
    });
    expect(parseConfiguration(withKeys({ workerCount: "5", zones: '["us-east-1a"]', protectMasters: "false" }))).toMatchObject({
      workers: { count: 5 },
      protectMasters: false,
      zones: ["us-east-1a"],
    });
  });

  test("takes its region from aws:region or from the caller", () => {
    expect(parseConfiguration(withKeys({ "aws:region": undefined }), { region: "us-east-1" }).region).toBe("us-east-1");
  });
});
