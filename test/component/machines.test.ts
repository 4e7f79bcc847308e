/** Instances, their ignition configs, the installer's steps, and secrets. program.ts lists the facts that this kind of test cannot prove. */
import { gunzipSync } from "node:zlib";
import { load } from "js-yaml";
import { CURRENT } from "../../config/releases/current";
import { decodeFiles } from "../../ignition/file-transfer";
import { devStack } from "./configurations";
import { bootstrapIgnition, infraId, kubeadminPassword, kubeconfig, masterPointer, workerPointer } from "./installer-answers";
import { type Declared, type AwsAnswers, Program, say } from "./program";

const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const hidden = "aHVudGVyMjpodW50ZXIy";
const pullSecret = `{"auths":{"quay.io":{"auth":"${hidden}"}}}`;

const run = (changes: Readonly<Record<string, unknown>> = {}, found: AwsAnswers = {}) => Program.run(devStack(changes), found);
const machines = (program: Program) => program.all("aws:ec2/instance:Instance");
const volumeOf = ({ inputs }: Declared) => inputs.rootBlockDevice as Record<string, unknown>;
const nameOf = ({ inputs }: Declared) => (inputs.tags as Record<string, string>).Name.replace(`${infraId}-`, "");

/** The files on a step's standard input. */
function request(program: Program, step: string): Record<string, string> {
  const stdin = program.one("command:local:Command", `installation-${step}`).inputs.stdin as string;
  return decodeFiles(stdin.slice(stdin.lastIndexOf("\nexit 0\n}\n") + "\nexit 0\n}\n".length));
}

describe("the dev stack's instances", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(devStack({ pullSecret }), {}, ["okd-aws:pullSecret"]);
  });

  test("are three control plane instances, three workers and a bootstrap instance, each in its zone with its role and the installer's user data byte for byte", () => {
    const pointer = `{"ignition":{"version":"3.1.0","config":{"replace":{"source":"s3://${infraId}-bootstrap-ignition/bootstrap.ign"}}}}`;
    const place = ({ inputs }: Declared) => [inputs.subnetId, inputs.iamInstanceProfile, inputs.vpcSecurityGroupIds, inputs.userData];
    const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
    const pool = (role: string, userData: string) =>
      zones.map((zone, number) => [
        `${role}-${number}`,
        [`network-private-${zone}-id`, `${infraId}-${role}-profile`, [`security-groups-${role}s-id`], userData],
      ]);
    expect(Object.fromEntries(machines(program).map((machine) => [nameOf(machine), place(machine)]))).toEqual(
      Object.fromEntries([
        ...pool("master", masterPointer),
        ...pool("worker", workerPointer),
        [
          "bootstrap",
          [
            "network-public-us-east-1a-id",
            `${infraId}-bootstrap-profile`,
            ["security-groups-bootstrap-id", "security-groups-masters-id"],
            pointer,
          ],
        ],
      ]),
    );
  });

  test("are encrypted and allow IMDSv2 only, and only the bootstrap instance has a public address", () => {
    for (const machine of machines(program)) {
      expect(machine.inputs).toMatchObject({
        ami: "ami-x86_64-us-east-1",
        instanceType: "m6i.xlarge",
        associatePublicIpAddress: nameOf(machine) === "bootstrap",
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 120, deleteOnTermination: true },
      });
    }
  });

  test("are not replaced for a new AMI, user data, public address, subnet or key", () => {
    // The inputs that the program sets and whose change makes the provider replace an instance (hashicorp/terraform-provider-aws, `aws_instance`,
    // ForceNew), and user data, whose change makes the provider stop an instance. `encrypted` is always true.
    const replacing = ["ami", "associatePublicIpAddress", "rootBlockDevice.kmsKeyId", "subnetId", "userData"];
    for (const machine of machines(program))
      expect([nameOf(machine), [...machine.ignoreChanges].sort()]).toEqual([nameOf(machine), replacing]);
  });

  test("boot after the network's egress and the security group rules exist, and are deleted before them", () => {
    const needed = [
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ].flatMap((type) => program.all(type));
    for (const machine of machines(program)) {
      expect([nameOf(machine), needed.filter((resource) => !program.isAfter(machine, resource)).map(({ urn }) => urn)]).toEqual([
        nameOf(machine),
        [],
      ]);
    }
    expect(
      program.isAfter(
        program.one("aws:ec2/instance:Instance", "bootstrap-machine"),
        program.one("aws:s3/bucketObject:BucketObject", "bootstrap-ignition-bootstrap.ign"),
      ),
    ).toBe(true);
  });

  test("the bootstrap instance's ignition config is in an encrypted bucket, which blocks public access before the config is stored", () => {
    const object = program.one("aws:s3/bucketObject:BucketObject", "bootstrap-ignition-bootstrap.ign");
    expect(object.inputs).toMatchObject({ bucket: `${infraId}-bootstrap-ignition`, key: "bootstrap.ign", content: bootstrapIgnition });
    expect(object.readable.content).toBe("[secret]");
    expect(program.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bootstrap-ignition-access").inputs).toEqual({
      bucket: `${infraId}-bootstrap-ignition`,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(
      program.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "bootstrap-ignition-encryption")
        .inputs,
    ).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    expect(JSON.parse(program.one("aws:s3/bucketPolicy:BucketPolicy", "bootstrap-ignition-policy").inputs.policy as string)).toMatchObject({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${infraId}-bootstrap-ignition`, `arn:aws:s3:::${infraId}-bootstrap-ignition/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const guards = program.resources.filter(({ type, name }) => /s3\/bucket(?!Object).+:/.test(type) && name.startsWith("bootstrap-"));
    expect([guards.length, guards.filter((guard) => !program.isAfter(object, guard))]).toEqual([4, []]);
  });

  test("the installer's steps get the install-config with the pull secret as a secret, and the patches of the manifests", () => {
    expect(load(request(program, "manifests")["install-config.yaml"])).toMatchObject({ metadata: { name: "dev" }, pullSecret });
    const { "install-config.yaml": config, "patches/removed": removed, ...patches } = request(program, "ignition");
    expect([config, removed, Object.keys(patches)]).toEqual([
      request(program, "manifests")["install-config.yaml"],
      "openshift/machine.yaml\n",
      [
        "patches/manifests/scheduler.yml",
        "patches/manifests/dns.yml",
        // The dev stack's MachineConfigs.
        ...["master-chrony", "worker-chrony", "master-etcd-backup"].map((name) => `patches/openshift/99_okd-aws_99-${name}.yaml`),
      ],
    ]);
    expect(load(patches["patches/manifests/scheduler.yml"])).toMatchObject({ spec: { mastersSchedulable: false } });
    expect(load(patches["patches/manifests/dns.yml"])).toMatchObject({ spec: { privateZone: { id: "Z0MADE" }, publicZone: { id: "Z0" } } });
    const environment = {
      OKD_RELEASE: CURRENT.okd,
      LOG_LEVEL: "info",
      OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: `quay.io/okd/scos-release:${CURRENT.okd}`,
    };
    for (const { name, inputs, readable, secretOutputs } of steps(program)) {
      const identity = { INFRA_ID: infraId, CLUSTER_ID: "7c0e7b3e-0000-4000-8000-000000000000" };
      expect(inputs).toMatchObject({ create: `bash -s -- ${name}`, logging: "none" });
      expect(inputs.environment).toEqual(name === "installation-stream" ? environment : { ...environment, ...identity });
      expect([readable.stdin, secretOutputs]).toEqual(["[secret]", ["stdout"]]);
      const stamp = name === "installation-ignition" ? ["2026-01-01T00:00:00.000Z"] : [];
      expect(readable.triggers).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), ...stamp]);
    }
  });

  test("metadata.json and the install-config are stored in the bucket of assets, with the pull secret redacted", () => {
    const { inputs, readable } = program.one("aws:s3/bucketObject:BucketObject", "assets-cluster.json");
    expect([inputs.bucket, readable.content]).toEqual([`${infraId}-assets`, "[secret]"]);
    const bundle = JSON.parse(inputs.content as string) as Record<string, string>;
    expect({ ...bundle, "install-config.yaml": load(bundle["install-config.yaml"]) }).toEqual({
      "metadata.json": "{}",
      "install-config.yaml": expect.objectContaining({ metadata: { name: "dev" }, pullSecret: "REDACTED" }) as unknown,
    });
  });

  test("no secret is readable in the state", () => {
    const readable = program.resources.map(({ readable: inputs }) => JSON.stringify(inputs)).join("\n");
    // Files can be gzipped, so the test also unpacks each text that looks like gzip.
    const opened = [...readable.matchAll(/H4sI[A-Za-z0-9+/=]+/g)].map(([packed]) => gunzipSync(Buffer.from(packed, "base64")).toString());
    for (const secret of [hidden, bootstrapIgnition, masterPointer, kubeconfig, kubeadminPassword, "stub-private-key"]) {
      const shown = JSON.stringify(secret).slice(1, -1);
      expect([secret, [readable, ...opened].some((text) => text.includes(shown) || text.includes(secret))]).toEqual([secret, false]);
    }
  });

  test("may be deleted in the sandbox", () => {
    expect(program.resources.filter(({ protect }) => protect)).toEqual([]);
  });
});

test("the program protects the control plane and its network in a stack that is not the sandbox", async () => {
  const program = await run({ protectMasters: true });
  const kept = program.resources.filter(({ protect }) => protect).map(({ type, name }) => `${type.split(":")[2]} ${name}`);
  const subnets = ["public", "private"].flatMap((kind) => ["a", "b", "c"].map((zone) => `Subnet network-${kind}-us-east-1${zone}`));
  expect(kept.sort()).toEqual(["Instance masters-0", "Instance masters-1", "Instance masters-2", ...subnets, "Vpc network-vpc"].sort());
});

/** The installer's steps, without the waits. */
const steps = (program: Program) => program.all("command:local:Command").filter(({ name }) => name.startsWith("installation-"));

describe("after an instance has booted", () => {
  const ignored = (program: Program) => steps(program).map(({ ignoreChanges }) => [...ignoreChanges].sort());
  const everything = ["addPreviousOutputInEnv", "create", "environment", "logging", "stdin", "triggers"];

  test("no step of the installer runs again for any change, because the instances use the certificates of these steps", async () => {
    expect(ignored(await run())).toEqual([[], [], []]);
    let asked: unknown;
    const program = await run({}, { "aws:ec2/getInstances:getInstances": (inputs) => ((asked = inputs), { ids: ["i-1"] }) });
    expect(ignored(program)).toEqual([everything, everything, everything]);
    // The lookup finds each existing instance except the installer host: the bootstrap instance and workers have the same certificates as the control plane.
    expect(asked).toEqual({
      instanceTags: { "okd-aws/cluster": "dev.okd.example.com" },
      filters: [{ name: "tag-key", values: ["kubernetes.io/cluster/*"] }],
      instanceStateNames: ["pending", "running", "stopping", "stopped"],
    });
  });
});

describe("configured instances", () => {
  test("encrypt all volumes and copies with the customer's key", async () => {
    const program = await run({ volumeKmsKeyArn: kmsKey, infraCount: 1 });
    expect(machines(program).map((machine) => [volumeOf(machine).encrypted, volumeOf(machine).kmsKeyId])).toEqual(
      Array(8).fill([true, kmsKey]),
    );
    const abroad = await run({
      "aws:region": "eu-central-1",
      zones: ["eu-central-1a"],
      volumeKmsKeyArn: kmsKey.replace("us-east-1", "eu-central-1"),
    });
    expect(abroad.one("aws:ec2/amiCopy:AmiCopy").inputs).toMatchObject({
      encrypted: true,
      kmsKeyId: kmsKey.replace("us-east-1", "eu-central-1"),
    });
  });

  test("boot OKD in another region from an encrypted copy of the image in us-east-1, and the copy is made once", async () => {
    const program = await run({ "aws:region": "eu-central-1", zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] });
    const copy = program.one("aws:ec2/amiCopy:AmiCopy");
    expect(copy.inputs).toMatchObject({
      sourceAmiId: "ami-x86_64-us-east-1",
      sourceAmiRegion: "us-east-1",
      encrypted: true,
      name: `${infraId}-coreos`,
    });
    expect(copy.ignoreChanges).toEqual(["sourceAmiId"]);
    expect(new Set(machines(program).map(({ inputs }) => inputs.ami))).toEqual(new Set(["machine-image-id"]));
  });

  test("boot OKD in GovCloud from a copy, and openshift-install gets the copy's AMI, because it refuses a GovCloud region for which it knows no image", async () => {
    const platform = async (changes: Readonly<Record<string, unknown>>) =>
      (load(request(await run(changes), "manifests")["install-config.yaml"]) as { platform: { aws: object } }).platform.aws;
    const zones = ["us-gov-east-1a", "us-gov-east-1b", "us-gov-east-1c"];
    expect(await platform({ "aws:region": "us-gov-east-1", zones, dnsManagement: "user" })).toEqual({
      region: "us-gov-east-1",
      defaultMachinePlatform: { amiID: "machine-image-id" },
    });
    expect(await platform({})).toEqual({ region: "us-east-1" });
  });

  test("boot OpenShift from the region's own image", async () => {
    const auths = Object.fromEntries(
      ["cloud.openshift.com", "quay.io", "registry.redhat.io"].map((host) => [host, { auth: "dXNlcjpwYXNz" }]),
    );
    const changes = { distribution: "openshift", release: "4.19.3", releaseImage: "", pullSecret: { auths } };
    const program = await Program.run(devStack({ ...changes, "aws:region": "eu-west-1", zones: ["eu-west-1a"] }), {}, [
      "okd-aws:pullSecret",
    ]);
    expect(program.all("aws:ec2/amiCopy:AmiCopy")).toEqual([]);
    expect(new Set(machines(program).map(({ inputs }) => inputs.ami))).toEqual(new Set(["ami-x86_64-eu-west-1"]));
    expect(program.one("command:local:Command", "installation-stream").inputs.environment).toEqual({
      OKD_RELEASE: "4.19.3",
      LOG_LEVEL: "info",
      OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: "",
    });
  });

  test("are Graviton instances if their types are", async () => {
    const program = await run({ masterInstanceType: "m7g.xlarge", workerInstanceType: "c7g.2xlarge" });
    const types = Object.fromEntries(machines(program).map((machine) => [nameOf(machine), say(machine, "ami", "instanceType")]));
    expect(types).toMatchObject({
      "master-0": "ami-aarch64-us-east-1 m7g.xlarge",
      "worker-0": "ami-aarch64-us-east-1 c7g.2xlarge",
      bootstrap: "ami-aarch64-us-east-1 m7g.xlarge",
    });
  });

  test("have the configured volumes for each pool, and no throughput for volume types without it", async () => {
    const program = await run({
      masterVolumeType: "io2",
      masterVolumeIops: 20_000,
      masterVolumeSize: 300,
      workerVolumeThroughput: 500,
      infraCount: 1,
      infraVolumeSize: 200,
    });
    const volume = (name: string) => {
      const { volumeType, volumeSize, iops, throughput } = volumeOf(program.one("aws:ec2/instance:Instance", name));
      return [volumeType, volumeSize, iops, throughput];
    };
    expect(["masters-0", "workers-2", "infra-0", "bootstrap-machine"].map(volume)).toEqual([
      ["io2", 300, 20_000, undefined],
      ["gp3", 120, 3000, 500],
      ["gp3", 200, 3000, 125],
      ["gp3", 120, undefined, undefined],
    ]);
  });

  test("of an infra pool are workers with their own name", async () => {
    const program = await run({ infraCount: 2, infraInstanceType: "r6i.xlarge" });
    const infra = machines(program).filter((machine) => nameOf(machine).startsWith("infra"));
    expect(
      infra.map(({ inputs }) => [inputs.instanceType, inputs.iamInstanceProfile, inputs.vpcSecurityGroupIds, inputs.userData]),
    ).toEqual(Array(2).fill(["r6i.xlarge", `${infraId}-worker-profile`, ["security-groups-workers-id"], workerPointer]));
    expect(await program.output("workerAddresses")).toHaveLength(5);
    expect(load(request(program, "manifests")["install-config.yaml"])).toMatchObject({ compute: [{ replicas: 5 }] });
  });

  test("use the user's SSH key, and then no key is generated or shown", async () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBHqpljB8DRpyoEzPSTrQ21nPSLuspdsQLpT6T0f8br core@okd";
    const program = await run({ sshPublicKey: key });
    expect([program.all("pulumi-nodejs:dynamic/okd:GeneratedSshKey"), "sshPrivateKey" in program.outputs]).toEqual([[], false]);
    expect(load(request(program, "manifests")["install-config.yaml"])).toMatchObject({ sshKey: key });
  });
});
