/** The installer host, tested with the whole program. program.ts lists the facts that this kind of test cannot prove. */
import { createHash } from "node:crypto";
import { imageReference } from "../../config/container-images";
import { approverUnit } from "../../ignition/certificate-approver";
import { healthServices } from "../../ignition/installer-host/health";
import { installerHostIgnition } from "../../ignition/installer-host/installer-host";
import { bundleCertificateApprover } from "../../steps/certificate-approver/bundle";
import { makeCertificate } from "../unit/steps/diagnosis/certificates";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Declared, type AwsAnswers, Program } from "./program";

const approverDirectory = "/etc/okd-certificate-approver";
const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const run = (changes: Readonly<Record<string, unknown>> = {}, found: AwsAnswers = {}) =>
  Program.run(devStack({ installerHost: true, ...changes }), found);
const machine = (program: Program) => program.one("aws:ec2/instance:Instance", "installer-host-machine");
const policy = (program: Program) =>
  (
    JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "installer-host-role-policy").inputs.policy as string) as {
      Statement: { Action: string[]; Resource: string }[];
    }
  ).Statement.map(({ Action, Resource }) => `${Action.join(" ")} on ${Resource}`);
const ways = (program: Program, type: string) =>
  program
    .all(type)
    .filter(({ name }) => name.startsWith("installer-host-"))
    .map(({ inputs }) => `${inputs.ipProtocol as string} ${(inputs.fromPort as number | undefined) ?? "all"} ${inputs.cidrIpv4 as string}`)
    .sort();

test("a stack without an installer host has none of its resources", async () => {
  const program = await Program.run(devStack());
  expect(program.resources.filter(({ urn }) => urn.includes("installer-host"))).toEqual([]);
});

describe("the installer host", () => {
  let program: Program;
  let own: readonly Declared[];
  beforeAll(async () => {
    program = await run({ volumeKmsKeyArn: kmsKey, adminCidrs: ["198.51.100.0/24", "203.0.113.0/24"] });
    own = program.resources.filter(({ urn, type }) => urn.includes("okd:installer:InstallerHost") && !type.startsWith("okd:"));
  });

  test("has these resources and no others", () => {
    const counts: Record<string, number> = {};
    for (const { type } of own) counts[type] = (counts[type] ?? 0) + 1;
    expect(counts).toEqual({
      "aws:ebs/volume:Volume": 1,
      "aws:ec2/eip:Eip": 1,
      "aws:ec2/eipAssociation:EipAssociation": 1,
      "aws:ec2/instance:Instance": 1,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:ec2/volumeAttachment:VolumeAttachment": 1,
      "aws:iam/instanceProfile:InstanceProfile": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:route53/record:Record": 1,
      "aws:s3/bucket:Bucket": 1,
      "aws:s3/bucketObject:BucketObject": 1,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
      "aws:s3/bucketPolicy:BucketPolicy": 1,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
      "aws:secretsmanager/secret:Secret": 1,
      "aws:secretsmanager/secretVersion:SecretVersion": 1,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 3,
      "command:local:Command": 2,
      "pulumi-nodejs:dynamic/okd:RegistryCredentials": 1,
    });
  });

  test("has an encrypted root volume and IMDSv2 with a hop limit of 1, and none of its resources has the tag of the cluster's nodes", () => {
    const { inputs, ignoreChanges, deleteBeforeReplace } = machine(program);
    expect(inputs).toMatchObject({
      ami: "ami-x86_64-us-east-1",
      instanceType: "m6i.large",
      subnetId: "network-public-us-east-1a-id",
      vpcSecurityGroupIds: ["installer-host-group-id"],
      iamInstanceProfile: `${infraId}-installer-host-profile`,
      associatePublicIpAddress: false,
      userDataReplaceOnChange: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, kmsKeyId: kmsKey, volumeType: "gp3" },
    });
    expect([[...ignoreChanges].sort(), deleteBeforeReplace]).toEqual([
      ["ami", "associatePublicIpAddress", "rootBlockDevice.kmsKeyId", "subnetId"],
      true,
    ]);
    for (const { inputs: each } of own.filter(({ type }) => /:(Instance|SecurityGroup|Volume|Eip)$/.test(type)))
      expect(Object.keys(each.tags as object)).not.toContain(`kubernetes.io/cluster/${infraId}`);
  });

  test("reads its own ignition config, verified by checksum, and the config contains no secret", async () => {
    const object = program.one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign");
    const config = object.inputs.content as string;
    expect(JSON.parse(machine(program).readable.userData as string)).toEqual({
      ignition: {
        version: "3.1.0",
        config: {
          replace: {
            source: `s3://${infraId}-installer-host-ignition/installer-host.ign`,
            verification: { hash: `sha256-${createHash("sha256").update(config).digest("hex")}` },
          },
        },
      },
    });
    const secrets = ["stub-registry-password", "stub-registry-files", "stub-private-key", "stub authority"];
    expect(secrets.filter((secret) => config.includes(secret) || config.includes(Buffer.from(secret).toString("base64")))).toEqual([]);
    // The config equals the output of the pure function for plain values, byte for byte.
    expect(config).toBe(
      installerHostIgnition({
        configuration: {
          clusterDomain: "dev.okd.example.com",
          distribution: "okd",
          release: devStack()["okd-aws:release"],
          architecture: "amd64",
          region: "us-east-1",
          network: { kind: "new", vpcCidr: "10.0.0.0/16", natGateways: "per-zone", publicSubnets: true, interfaceEndpoints: [] },
        },
        registryImage: imageReference("registry"),
        sshPublicKey: "ssh-ed25519 AAAA core",
        dataVolumeId: "installer-host-data-id",
        registrySecretArn: "arn:stub:installer-host-registry-secret",
        hostKeyParameter: `/okd/${infraId}/installer-host/ssh-host-key`,
        sessionManager: false,
        services: {
          files: [
            {
              path: `${approverDirectory}/approver.js`,
              mode: 0o600,
              contents: { bucket: `${infraId}-assets`, key: "certificate-approver.js", sha256: (await bundleCertificateApprover()).sha256 },
            },
            {
              path: `${approverDirectory}/config.json`,
              mode: 0o600,
              contents: JSON.stringify({
                infraId,
                region: "us-east-1",
                vpcId: "network-vpc-id",
                ...{ kubeconfig: `${approverDirectory}/kubeconfig`, status: "/var/lib/okd-certificate-approver/status" },
                notNodes: [`${infraId}-bootstrap`],
              }),
            },
          ],
          secrets: [{ arn: "arn:stub:certificate-approver-account", directory: approverDirectory }],
          units: [
            ...healthServices(`${infraId}-assets`).units,
            { name: "certificate-approver.service", enabled: true, contents: approverUnit({ directory: approverDirectory }) },
          ],
        },
      }),
    );
  });

  test("has only the permissions that it needs", () => {
    expect(policy(program)).toEqual([
      "s3:GetObject on arn:stub:installer-host-ignition-installer-host.ign",
      "secretsmanager:GetSecretValue on arn:stub:installer-host-registry-secret",
      `ssm:PutParameter on arn:aws:ssm:us-east-1:*:parameter/okd/${infraId}/installer-host/ssh-host-key`,
      `kms:Decrypt kms:GenerateDataKey on ${kmsKey}`,
      `s3:PutObject on arn:aws:s3:::${infraId}-assets/installer-host/health`,
      `s3:GetObject on arn:aws:s3:::${infraId}-assets/certificate-approver.js`,
      "secretsmanager:GetSecretValue on arn:stub:certificate-approver-account",
      "ec2:DescribeInstances ec2:DescribeVpcs ec2:DescribeDhcpOptions on *",
    ]);
  });

  test("allows SSH from the administrators, pulls from the instances, and all egress", () => {
    expect(ways(program, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).toEqual([
      "tcp 22 198.51.100.0/24",
      "tcp 22 203.0.113.0/24",
      "tcp 5000 10.0.0.0/16",
    ]);
    expect(ways(program, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual(["-1 all 0.0.0.0/0"]);
  });

  test("keeps mirrored images on a volume that outlives the instance", () => {
    const volume = program.one("aws:ebs/volume:Volume");
    expect(volume.inputs).toMatchObject({ availabilityZone: "us-east-1a", size: 200, type: "gp3", encrypted: true, kmsKeyId: kmsKey });
    expect([...volume.ignoreChanges].sort()).toEqual(["availabilityZone", "kmsKeyId"]);
    expect(program.isAfter(volume, machine(program))).toBe(false);
    const attachment = program.one("aws:ec2/volumeAttachment:VolumeAttachment");
    expect(attachment.inputs).toMatchObject({ instanceId: "installer-host-machine-id", volumeId: "installer-host-data-id" });
    expect(attachment.deleteBeforeReplace).toBe(true);
  });

  test("must publish that it is healthy: the program waits for that after the bootstrap destroy and before it sets the milestone `installed`", () => {
    const wait = program.one("command:local:Command", "installer-host-health");
    expect(JSON.parse(wait.inputs.create as string)).toEqual({
      region: "us-east-1",
      bucket: `${infraId}-assets`,
      key: "installer-host/health",
      instanceId: "installer-host-machine-id",
      timeoutSeconds: 1200,
    });
    // The wait runs again for each instance that replaces the installer host, and for no other change.
    expect([wait.inputs.triggers, wait.ignoreChanges]).toEqual([["installer-host-machine-id"], ["interpreter", "create"]]);
    expect(program.isAfter(wait, program.one("command:local:Command", "bootstrap-destroy"))).toBe(true);
    expect(program.isAfter(program.one("aws:ssm/parameter:Parameter", "installed"), wait)).toBe(true);
  });

  test("gets the registry's credentials as a secret that AWS deletes without a recovery window", () => {
    expect(program.one("pulumi-nodejs:dynamic/okd:RegistryCredentials").secretOutputs).toEqual([
      "caPrivateKey",
      "password",
      "pullPassword",
      "files",
    ]);
    const { inputs } = program.one("aws:secretsmanager/secret:Secret", "installer-host-registry-secret");
    expect(inputs).toMatchObject({ name: `${infraId}-registry`, recoveryWindowInDays: 0, kmsKeyId: kmsKey });
    const version = program.one("aws:secretsmanager/secretVersion:SecretVersion", "installer-host-registry-secret-version");
    expect([version.inputs.secretString, version.readable.secretString]).toEqual(["registry/htpasswd stub-registry-files", "[secret]"]);
    expect(program.isAfter(machine(program), version)).toBe(true);
  });

  test("has a record in the private zone, and the program waits for its SSH host keys after its first boot", () => {
    expect(program.one("aws:route53/record:Record", "installer-host-record").inputs).toMatchObject({
      zoneId: "Z0MADE",
      name: "registry.dev.okd.example.com",
      type: "A",
      records: ["private address of installer-host-machine"],
    });
    const keys = program.one("command:local:Command", "installer-host-host-keys");
    const at = { region: "us-east-1", parameter: `/okd/${infraId}/installer-host/ssh-host-key` };
    const instanceId = "installer-host-machine-id";
    expect(JSON.parse(keys.inputs.create as string)).toEqual({ action: "wait", ...at, instanceId, timeoutSeconds: 900 });
    expect(keys.inputs.triggers).toEqual([instanceId]);
    expect(program.isAfter(keys, program.one("aws:ec2/eipAssociation:EipAssociation"))).toBe(true);
    // Destroy deletes the parameter after the instance that writes it.
    const deletion = program.one("command:local:Command", "installer-host-host-key-parameter");
    expect([deletion.inputs.create, JSON.parse(deletion.inputs.delete as string)]).toEqual([undefined, { action: "delete", ...at }]);
    expect(program.isAfter(machine(program), deletion)).toBe(true);
  });

  test("is shown in the outputs, with its password as a secret", async () => {
    expect(await program.output("registryUrl")).toBe("https://registry.dev.okd.example.com:5000");
    expect(await program.output("registryPassword")).toBe("stub-registry-password");
    expect([await program.isSecret("registryPassword"), await program.isSecret("registryUrl")]).toEqual([true, false]);
  });
});

test("the approver trusts the configured CAs and its own CA: the CAs are in its directory, and its settings name them", async () => {
  const { certificate } = await makeCertificate("inspecting-proxy", new Date(), -1, 365);
  const program = await run({ additionalTrustBundle: certificate });
  const { content } = program.one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign").inputs;
  const { storage } = JSON.parse(content as string) as { storage: { files: { path: string; contents: { source: string } }[] } };
  const text = (name: string) => {
    const source = storage.files.find(({ path }) => path === `${approverDirectory}/${name}`)?.contents.source ?? "";
    return Buffer.from(source.split(",")[1], "base64").toString();
  };
  expect(text("additional-authorities.pem")).toBe(certificate);
  expect(text("environment")).toBe(`NODE_EXTRA_CA_CERTS="${approverDirectory}/additional-authorities.pem"\n`);
});

test("the approver gets a proxy in a file that only root can read, and there is no such file without a proxy", async () => {
  const files = async (changes: Readonly<Record<string, unknown>>) => {
    const object = (await run(changes)).one("aws:s3/bucketObject:BucketObject", "installer-host-ignition-installer-host.ign");
    const { storage } = JSON.parse(object.inputs.content as string) as { storage: { files: { path: string; mode: number }[] } };
    return storage.files.filter(({ path }) => path === `${approverDirectory}/environment`).map(({ mode }) => mode);
  };
  expect([await files({ httpsProxy: "http://proxy.example.com:3128" }), await files({})]).toEqual([[0o600], []]);
});

test("an installer host of a private cluster has no public address, and without adminCidrs it accepts SSH from the machine network", async () => {
  const program = await run({ publish: "Internal", adminCidrs: [] });
  expect(program.all("aws:ec2/eipAssociation:EipAssociation")).toEqual([]);
  expect(machine(program).inputs.subnetId).toBe("network-private-us-east-1a-id");
  expect(ways(program, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).toEqual([
    "tcp 22 10.0.0.0/16",
    "tcp 5000 10.0.0.0/16",
  ]);
});

test("the mirrored images are protected if the control plane is protected", async () => {
  const protectedBy = async (protectMasters: boolean) => (await run({ protectMasters })).one("aws:ebs/volume:Volume").protect;
  expect([await protectedBy(true), await protectedBy(false)]).toEqual([true, false]);
});

test("the installer host's DNS record is listed and not created if the user manages DNS", async () => {
  const program = await run({ dnsManagement: "user" });
  expect(program.all("aws:route53/record:Record")).toEqual([]);
  expect(await program.output("dnsRecords")).toContain("registry.dev.okd.example.com A private address of installer-host-machine");
});

test("another release or registry image replaces the installer host, another registryRotation does not", async () => {
  const userData = async (changes: Readonly<Record<string, unknown>>) => machine(await run(changes)).inputs.userData;
  const first = await userData({});
  expect(await userData({ registryRotation: "2" })).toBe(first);
  expect(await userData({ registryImage: "mirror.example.com/registry:3.0.0" })).not.toBe(first);
  expect(await userData({ release: "4.19.0-okd-scos.2", releaseImage: "" })).not.toBe(first);
});
