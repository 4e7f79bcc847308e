import type { Subnet } from "@aws-sdk/client-ec2";
import type { Inventory as Account } from "@okd-aws/sandbox/aws";
import { kubeletName } from "@okd-aws/sandbox/cluster/hosts";
import { readEc2 } from "@okd-aws/sandbox/machines";
import { decideOnRequest } from "../../steps/certificate-approver/decision";
import { InstanceInventory } from "../../steps/certificate-approver/inventory";
import { clientRequest } from "../unit/steps/certificate-approver/certificate-requests";
import { type ExistingVpc, makeExistingVpc } from "./existing-vpc";
import { listed, worldwide } from "./kinds";
import { describeTopology } from "./life-cycle";

const region = "us-east-1";
let corp: ExistingVpc;

/** A cluster in a company's network, with the company's roles, permissions boundary, KMS key and additional security group. */
describeTopology(
  {
    name: "existing-vpc",
    prepare: async (topology) => {
      corp = await makeExistingVpc(topology, region);
      return {
        configuration: {
          "aws:region": region,
          installerHost: false,
          clusterName: "corp",
          baseDomain: "okd.example.com",
          release: "4.19.0-okd-scos.1",
          releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
          vpcId: corp.vpcId,
          machineCidr: corp.machineCidr,
          privateSubnetIds: corp.privateSubnetIds,
          publicSubnetIds: corp.publicSubnetIds,
          masterCount: 3,
          protectMasters: false,
          workerCount: 3,
          workerSecurityGroupIds: [corp.securityGroupId],
          masterRoleName: corp.masterRoleName,
          workerRoleName: corp.workerRoleName,
          permissionsBoundaryArn: corp.boundaryArn,
          volumeKmsKeyArn: corp.keyArn,
          adminCidrs: ["198.51.100.0/24"],
        },
      };
    },
  },
  (standing) => {
    test("changes only two tags of each subnet in the network, and one tag of the subnet with its owner's role tag", () => {
      const tagsOf = (inventory: Account): Map<string, Record<string, string>> =>
        new Map(
          listed(inventory, region, "ec2/subnets").map(({ SubnetId, Tags = [] }) => [
            SubnetId ?? "",
            Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]) as [string, string][]),
          ]),
        );
      const infraId = clusterTagOf(standing().made(region, "ec2/subnets"));
      const expected = tagsOf(standing().before);
      for (const [kind, ids] of [
        ["elb", corp.publicSubnetIds],
        ["internal-elb", corp.privateSubnetIds],
      ] as const) {
        for (const id of ids) expected.set(id, { ...expected.get(id), [infraId]: "shared", [`kubernetes.io/role/${kind}`]: "1" });
      }
      expect(tagsOf(standing().during)).toEqual(expected);
      expect(listed(standing().before, region, "ec2/subnets")).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            SubnetId: corp.ownRoleTag,
            Tags: expect.arrayContaining([{ Key: "kubernetes.io/role/internal-elb", Value: "1" }]) as unknown,
          }),
        ]),
      );
    });

    test("creates no part of a network, and changes nothing else", () => {
      const { before, during } = standing();
      for (const kind of [
        "vpcs",
        "internet-gateways",
        "nat-gateways",
        "route-tables",
        "network-acls",
        "addresses",
        "vpc-endpoints",
        "dhcp-options",
      ]) {
        expect([kind, during[region][`ec2/${kind}`]]).toEqual([kind, before[region][`ec2/${kind}`]]);
      }
      const bare = (inventory: Account): unknown =>
        Object.fromEntries(
          listed(inventory, region, "ec2/subnets").map((subnet) => [subnet.SubnetId, { ...subnet, Tags: [], AvailableIpAddressCount: 0 }]),
        );
      expect(bare(during)).toEqual(bare(before));
    });

    test("approves its nodes by the names that their kubelets take in the VPC's own domain", async () => {
      const { topology, infraId } = standing();
      const before = { ...process.env };
      Object.assign(process.env, topology.sandbox.aws.environment);
      try {
        const rules = { infraId, vpcId: corp.vpcId, oldestMachineSeconds: 7200, notNodes: [`${infraId}-bootstrap`] };
        const machines = await new InstanceInventory(region, infraId, corp.vpcId).read();
        const { instances } = await readEc2(region);
        const joining = instances.filter(({ tags }) => /-worker-\d$/.test(tags.Name));
        expect(joining.map(kubeletName)).toEqual(joining.map(({ privateIp }) => `ip-${privateIp.replaceAll(".", "-")}.corp.example.com`));
        for (const instance of joining) {
          const asked = await clientRequest(kubeletName(instance));
          expect(await decideOnRequest(asked, machines, new Set(), new Date(), rules)).toMatchObject({ approved: true });
        }
        expect(joining).toHaveLength(3);
      } finally {
        process.env = before;
      }
    });

    test("gives the company's roles to the instances, and the company's boundary to the only role that it creates", () => {
      const profiles = standing().made(worldwide, "iam/profiles");
      const roleOf = (suffix: string) => profiles.find(({ InstanceProfileName }) => InstanceProfileName.endsWith(`-${suffix}`))?.Roles;
      expect(roleOf("master-profile")).toEqual([corp.masterRoleName]);
      expect(roleOf("worker-profile")).toEqual([corp.workerRoleName]);
      const roles = standing().made(worldwide, "iam/roles");
      expect(roles.map(({ RoleName }) => RoleName)).toEqual(roleOf("bootstrap-profile"));
      expect(roles.map(({ PermissionsBoundary }) => PermissionsBoundary?.PermissionsBoundaryArn)).toEqual([corp.boundaryArn]);
    });

    test("adds the additional security group to the workers only", () => {
      const carriers = standing()
        .made(region, "ec2/instances")
        .filter(({ SecurityGroups }) => SecurityGroups?.some(({ GroupId }) => GroupId === corp.securityGroupId))
        .map(({ Tags }) => Tags?.find(({ Key }) => Key === "Name")?.Value?.replace(/^corp-[a-z0-9]{5}-/, ""));
      expect(carriers.sort()).toEqual(["worker-0", "worker-1", "worker-2"]);
    });
  },
);

/** The key of the cluster's tag on the subnets; the key contains the infraID. */
function clusterTagOf(subnets: readonly Subnet[]): string {
  const keys = subnets
    .flatMap(({ Tags = [] }) => Tags.map(({ Key = "" }) => Key))
    .filter((key) => key.startsWith("kubernetes.io/cluster/"));
  expect(new Set(keys).size).toBe(1);
  return keys[0] ?? "";
}
