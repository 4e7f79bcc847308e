import { listed } from "./kinds";
import { describeTopology } from "./life-cycle";

const region = "eu-central-1";
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const pullSecret = JSON.stringify({ auths: { "mirror.example.com": { auth: "Y29tcGFjdDpob3JzZSBiYXR0ZXJ5" } } });

/**
 * A control plane of three nodes without workers, in a region without an OKD image. It has one NAT gateway, the user's own KMS key, and a file
 * system that a destroy deletes.
 */
describeTopology(
  {
    name: "compact",
    prepare: async (topology) => {
      const create = "print(json.dumps(boto3.client('kms', sys.argv[1]).create_key(Description='volumes')['KeyMetadata']['Arn']))";
      return {
        configuration: {
          "aws:region": region,
          installerHost: false,
          clusterName: "edge",
          baseDomain: "okd.example.com",
          release: "4.19.0-okd-scos.1",
          releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
          zones,
          natGateways: "single",
          masterCount: 3,
          protectMasters: false,
          workerCount: 0,
          volumeKmsKeyArn: await topology.boto(create, region),
          efsFileSystem: true,
          efsKeepFileSystem: false,
          efsThroughputMode: "provisioned",
          efsProvisionedThroughput: 64,
          adminCidrs: ["198.51.100.0/24"],
          tags: { team: "edge" },
        },
        secrets: { pullSecret },
      };
    },
  },
  (standing) => {
    const key = (): string =>
      listed(standing().during, region, "kms/keys")
        .map(({ Arn }) => Arn)
        .join();

    test("boots four instances, all from one encrypted copy of the image", () => {
      const [copy, ...others] = standing().made(region, "ec2/images");
      expect(others).toEqual([]);
      expect(copy.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.Encrypted)).toEqual([true]);
      const instances = standing().made(region, "ec2/instances");
      expect(instances.map(({ ImageId }) => ImageId)).toEqual(Array.from({ length: 4 }, () => copy.ImageId));
    });

    test("encrypts every volume with the given key", () => {
      const volumes = standing().made(region, "ec2/volumes");
      expect(volumes.map(({ Encrypted, KmsKeyId }) => [Encrypted, KmsKeyId])).toEqual(Array.from({ length: 4 }, () => [true, key()]));
    });

    test("encrypts the file system with the given key, and has a mount target in each zone", () => {
      const [system, ...others] = standing().made(region, "efs/file-systems");
      expect(others).toEqual([]);
      expect(system).toMatchObject({ Encrypted: true, KmsKeyId: key(), ThroughputMode: "provisioned", ProvisionedThroughputInMibps: 64 });
      expect(system.MountTargets.map(({ AvailabilityZoneName }) => AvailabilityZoneName).sort()).toEqual(zones);
    });

    test("has one NAT gateway", () => {
      expect(standing().made(region, "ec2/nat-gateways")).toHaveLength(1);
    });

    test("adds the user's tags to all instances", () => {
      for (const { Tags } of standing().made(region, "ec2/instances")) expect(Tags).toContainEqual({ Key: "team", Value: "edge" });
    });
  },
);
