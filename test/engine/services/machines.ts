import { listed } from "../kinds";
import type { TestedCluster } from "./cluster";

/** Tests the instances, volumes and network of a control plane without workers, in a region without an OKD image, with the user's own KMS key. */
export function testCompactMachines(cluster: () => TestedCluster, region: string): void {
  const made = () => cluster().stack;

  test("boots all instances from one encrypted copy of the image", () => {
    const [copy, ...others] = made().made(region, "ec2/images");
    expect(others).toEqual([]);
    expect(copy.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.Encrypted)).toEqual([true]);
    // The bootstrap instance is terminated by now.
    const instances = made().made(region, "ec2/instances");
    expect(instances.map(({ ImageId }) => ImageId)).toEqual(Array.from({ length: 3 }, () => copy.ImageId));
  });

  test("encrypts every volume of the instances with the given key", () => {
    const [key] = listed(made().before, region, "kms/keys");
    const volumes = made()
      .made(region, "ec2/volumes")
      .filter(({ Tags }) => !Tags?.some(({ Key }) => Key === "CSIVolumeName"));
    expect(volumes).toHaveLength(3);
    for (const { Encrypted, KmsKeyId } of volumes) expect([Encrypted, KmsKeyId]).toEqual([true, key.Arn]);
  });

  test("has one NAT gateway", () => {
    expect(made().made(region, "ec2/nat-gateways")).toHaveLength(1);
  });

  test("adds the user's tags to all instances", () => {
    for (const { Tags } of made().made(region, "ec2/instances")) expect(Tags).toContainEqual({ Key: "team", Value: "edge" });
  });
}
