import type { Instance } from "@aws-sdk/client-ec2";
import type { StandingStack } from "../standing-stack";

/**
 * The dev stack's instances and their zones. Instances are assigned to zones in rotation (openshift/installer,
 * `pkg/asset/machines/aws/machines.go`, Machines).
 */
const machineZones: Readonly<Record<string, string>> = {
  bootstrap: "a",
  ...Object.fromEntries(["master", "worker"].flatMap((role) => ["a", "b", "c"].map((zone, index) => [`${role}-${index}`, zone]))),
};

/**
 * Tests the instances. Only the bootstrap instance has a public address (openshift/installer,
 * `upi/aws/cloudformation/04_cluster_bootstrap.yaml` and `05_cluster_master_nodes.yaml`, AssociatePublicIpAddress).
 */
export function testMachines(region: string, standing: () => StandingStack): void {
  const instances = (): readonly Instance[] => standing().made(region, "ec2/instances");
  const byName = (): Map<string, Instance> => new Map(instances().map((instance) => [standing().suffix(instance.Tags), instance]));

  test("are one bootstrap instance, three control plane nodes and three workers, spread over the zones", () => {
    expect(instances()).toHaveLength(7);
    const zones = Object.fromEntries(
      [...byName()].map(([name, { Placement }]) => [name, Placement?.AvailabilityZone?.slice(region.length)]),
    );
    expect(zones).toEqual(machineZones);
  });

  test("have only encrypted disks", () => {
    const volumes = standing().made(region, "ec2/volumes");
    const found = volumes.map(({ Encrypted, VolumeType, Size, Attachments }) => [
      Encrypted,
      VolumeType,
      Size,
      Attachments?.[0]?.DeleteOnTermination,
    ]);
    expect(found).toEqual(Array.from({ length: 7 }, () => [true, "gp3", 120, true]));
  });

  test("require version 2 of the instance metadata service", () => {
    for (const { MetadataOptions } of instances())
      expect(MetadataOptions).toMatchObject({ HttpEndpoint: "enabled", HttpTokens: "required" });
  });

  test("have the instance profile and the security groups of their role; one group of each instance has the cluster tag", () => {
    const groups = new Map(
      standing()
        .made(region, "ec2/security-groups")
        .map((group) => [group.GroupId, group]),
    );
    for (const [name, { SecurityGroups = [], IamInstanceProfile }] of byName()) {
      const role = name.split("-")[0] ?? "";
      const carried = SecurityGroups.map(({ GroupId }) => groups.get(GroupId));
      const expected = role === "bootstrap" ? ["bootstrap-sg", "master-sg"] : [`${role}-sg`];
      expect([name, carried.map((group) => standing().suffix(group?.Tags)).sort()]).toEqual([name, expected]);
      const tagged = carried.filter((group) => group?.Tags?.some(({ Key }) => Key?.startsWith("kubernetes.io/cluster/")));
      expect([name, tagged.length]).toEqual([name, 1]);
      expect(IamInstanceProfile?.Arn).toMatch(new RegExp(`/${standing().infraId}-${role}-profile$`));
    }
  });

  test("have no public address except the bootstrap instance; the NAT gateways and the external load balancer have the other addresses", () => {
    const bootstrap = byName().get("bootstrap")?.InstanceId;
    const owners = standing()
      .made(region, "ec2/network-interfaces")
      .filter(({ Association }) => Association?.PublicIp !== undefined)
      .map(({ Attachment, InterfaceType, Description = "" }) => {
        if (Attachment?.InstanceId !== undefined) return Attachment.InstanceId === bootstrap ? "bootstrap" : Attachment.InstanceId;
        // The API returns nat_gateway, the SDK's type has natGateway.
        return String(InterfaceType) === "nat_gateway" ? "nat" : Description.replace(/^ELB net\/([^/]*)\/.*$/, "$1");
      })
      // The emulated load balancer has no address on its network interfaces; AWS's load balancer has one.
      .filter((owner) => owner !== `${standing().infraId}-ext`);
    expect(owners.sort()).toEqual(["bootstrap", "nat", "nat", "nat"]);
    const addresses = standing().made(region, "ec2/addresses");
    expect(addresses.map(({ Tags }) => standing().suffix(Tags)).sort()).toEqual(["a", "b", "c"].map((zone) => `nat-${region}${zone}`));
    const publicMachines = [...byName()].filter(([, { PublicIpAddress }]) => PublicIpAddress !== undefined).map(([name]) => name);
    expect(publicMachines).toEqual(["bootstrap"]);
  });
}
