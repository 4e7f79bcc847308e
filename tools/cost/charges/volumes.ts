import type { Charge, Charges, ComputeCharges } from "../charge";
import type { PriceName } from "../price-table";
import { listValue, propertyValue, recordValue, textValue, wholeNumberValue } from "../../../lib/pulumi/resource";

/** IOPS and throughput of a gp3 volume that are included in its price (AWS, "Amazon EBS volume types"). */
const GP3_IOPS = 3000;
const GP3_THROUGHPUT = 125;

/** The price tiers of io2's IOPS (AWS, "Amazon EBS pricing"). */
const IO2_TIERS: readonly { readonly price: PriceName; readonly from: number; readonly to: number }[] = [
  { price: "volume.io2.iops", from: 0, to: 32_000 },
  { price: "volume.io2.iops.tier2", from: 32_000, to: 64_000 },
  { price: "volume.io2.iops.tier3", from: 64_000, to: Infinity },
];

interface Disk {
  readonly type: string | undefined;
  readonly sizeGib: number | undefined;
  readonly iops: number | undefined;
  readonly throughput: number | undefined;
}

/** The charges of a volume. */
function disk({ type, sizeGib, iops, throughput }: Disk, name: string): Charges {
  if (type === undefined) return [`the type of the ${name} isn't known`];
  if (sizeGib === undefined) return [`the size of the ${name} isn't known`];
  const charge = (what: string, price: PriceName, units: number): Charge[] =>
    units > 0 ? [{ group: "Volumes", what: `EBS ${type} ${what}`, price, units }] : [];
  switch (type) {
    case "gp2":
      return charge("storage", "volume.gp2", sizeGib);
    case "gp3":
      return [
        ...charge("storage", "volume.gp3", sizeGib),
        ...charge(`IOPS above ${GP3_IOPS}`, "volume.gp3.iops", (iops ?? GP3_IOPS) - GP3_IOPS),
        ...charge(`throughput above ${GP3_THROUGHPUT} MiB/s`, "volume.gp3.throughput", (throughput ?? GP3_THROUGHPUT) - GP3_THROUGHPUT),
      ];
    case "io1":
      return iops === undefined
        ? [`the IOPS of the ${name} aren't known`]
        : [...charge("storage", "volume.io1", sizeGib), ...charge("IOPS", "volume.io1.iops", iops)];
    case "io2":
      if (iops === undefined) return [`the IOPS of the ${name} aren't known`];
      return [
        ...charge("storage", "volume.io2", sizeGib),
        ...IO2_TIERS.flatMap(({ price, from, to }) => charge(from === 0 ? "IOPS" : `IOPS above ${from}`, price, Math.min(iops, to) - from)),
      ];
    default:
      return [`volumes of type ${type} are not in the price table`];
  }
}

/** A separate volume. Without a type AWS creates a gp2 volume. */
export const volumeCharges: ComputeCharges = (resource) =>
  disk(
    {
      type: textValue(propertyValue(resource, "type")) ?? "gp2",
      sizeGib: wholeNumberValue(propertyValue(resource, "size")),
      iops: wholeNumberValue(propertyValue(resource, "iops")),
      throughput: wholeNumberValue(propertyValue(resource, "throughput")),
    },
    "volume",
  );

/** The volumes of an instance. Values that the declaration does not set come from the image, and are known once the instance exists. */
export const instanceVolumeCharges: ComputeCharges = ({ inputs, outputs }) => {
  const read = (wanted: unknown, is: unknown, name: string): Charges => {
    const value = (key: string) => recordValue(wanted)?.[key] ?? recordValue(is)?.[key];
    return disk(
      {
        type: textValue(value("volumeType")),
        sizeGib: wholeNumberValue(value("volumeSize")),
        iops: wholeNumberValue(value("iops")),
        throughput: wholeNumberValue(value("throughput")),
      },
      name,
    );
  };
  const standing = new Map(listValue(outputs?.ebsBlockDevices).map((device) => [recordValue(device)?.deviceName, device]));
  return [
    ...read(inputs.rootBlockDevice, outputs?.rootBlockDevice, "root volume"),
    ...listValue(inputs.ebsBlockDevices).flatMap((device) => read(device, standing.get(recordValue(device)?.deviceName), "extra volume")),
  ];
};

/** AWS charges for a snapshot's changed blocks. This estimate uses the maximum, the volume's size. */
export const snapshotCharges: ComputeCharges = (resource) => {
  const size = wholeNumberValue(propertyValue(resource, "volumeSize"));
  return size === undefined
    ? ["the snapshot's size isn't known before it exists"]
    : [{ group: "Volumes", what: "EBS snapshots, at most", price: "snapshot", units: size }];
};

/** A copied AMI is charged as a snapshot. */
export const imageCopyCharges: ComputeCharges = (_, { imageCopyGb }) => [
  { group: "Volumes", what: "Copied machine image", price: "snapshot", units: imageCopyGb, assumed: ["imageCopyGb"] },
];
