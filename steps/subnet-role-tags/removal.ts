import { DeleteTagsCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../lib/aws/client";

/** Input of `removeRoleTag`: the subnet that this cluster stops using, and the subnet's tags. */
export interface RoleTagRemoval {
  readonly region: string;
  readonly subnetId: string;
  /** Key of the role tag, by which clusters find the subnet for their load balancers. */
  readonly roleTag: string;
  /** Key of this cluster's own tag. */
  readonly clusterTag: string;
  /** Whether this cluster set the role tag. */
  readonly own: boolean;
}

/** The calls to AWS that the removal of a role tag needs; tests replace them. */
export interface RoleTagAccount {
  /** Keys of a subnet's tags; undefined if the subnet no longer exists. */
  readonly tagsOf: (subnetId: string) => Promise<readonly string[] | undefined>;
  readonly removeTag: (subnetId: string, key: string) => Promise<unknown>;
  /** Records that a cluster set the role tag, so that the last cluster removes it. */
  readonly recordOwnTag: (subnetId: string) => Promise<unknown>;
  /** Deletes the record that a cluster set the role tag; returns whether there was such a record. */
  readonly deleteRecord: (subnetId: string) => Promise<boolean>;
}

/**
 * Removes a subnet's role tag when the last cluster stops using the subnet, if a cluster had set the tag. While another cluster uses the subnet, the tag
 * must stay: without it, that cluster's cloud controller finds no subnet for a load balancer.
 */
export async function removeRoleTag(leave: RoleTagRemoval, account: RoleTagAccount = accountOf(leave.region)): Promise<void> {
  const { subnetId, roleTag, clusterTag, own } = leave;
  const tags = await account.tagsOf(subnetId);
  if (tags?.some((key) => key.startsWith("kubernetes.io/cluster/") && key !== clusterTag) === true) {
    if (own) await account.recordOwnTag(subnetId);
    return;
  }
  const isRecorded = await account.deleteRecord(subnetId);
  if ((own || isRecorded) && tags?.includes(roleTag) === true) await account.removeTag(subnetId, roleTag);
}

function accountOf(region: string): RoleTagAccount {
  const ec2 = new EC2Client(clientConfiguration(region));
  const ssm = new SSMClient(clientConfiguration(region));
  const parameter = (subnetId: string) => `/okd/role-tags/${subnetId}`;
  return {
    tagsOf: async (subnetId) => {
      // With a filter a missing subnet gives an empty answer instead of an error.
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: [subnetId] }] }));
      return Subnets.at(0)?.Tags?.flatMap(({ Key }) => Key ?? []);
    },
    removeTag: (subnetId, Key) => ec2.send(new DeleteTagsCommand({ Resources: [subnetId], Tags: [{ Key }] })),
    recordOwnTag: (subnetId) =>
      ssm.send(new PutParameterCommand({ Name: parameter(subnetId), Type: "String", Value: "a cluster's", Overwrite: true })),
    deleteRecord: async (subnetId) => {
      try {
        await ssm.send(new DeleteParameterCommand({ Name: parameter(subnetId) }));
        return true;
      } catch (error) {
        if (error instanceof ParameterNotFound) return false;
        throw error;
      }
    },
  };
}
