import { DeleteTagsCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DeleteParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../aws-client";

/** A cluster's leave of a subnet that it didn't make. */
export interface RoleTagRelease {
  readonly region: string;
  readonly subnetId: string;
  /** Key of the tag by which clusters pick the subnet for their load balancers. */
  readonly roleTag: string;
  /** Key of the leaving cluster's own tag. */
  readonly clusterTag: string;
  /** Whether the leaving cluster put the role tag there. */
  readonly own: boolean;
}

/** What it takes of AWS; tests have their own. */
export interface RoleTagAccount {
  /** Keys of a subnet's tags; undefined where it is gone. */
  readonly tagsOf: (subnetId: string) => Promise<readonly string[] | undefined>;
  readonly removeTag: (subnetId: string, key: string) => Promise<unknown>;
  /** Leaves word that the role tag was a cluster's, for whichever leaves last. */
  readonly leaveWord: (subnetId: string) => Promise<unknown>;
  /** Takes that word away; whether there was one. */
  readonly takeWord: (subnetId: string) => Promise<boolean>;
}

/**
 * Takes away a subnet's role tag when the last cluster leaves, if a cluster had put it there. As long as another cluster uses the subnet, it needs
 * the tag: without it, its cloud controller finds no subnet for a load balancer.
 */
export async function release(leave: RoleTagRelease, account: RoleTagAccount = accountOf(leave.region)): Promise<void> {
  const { subnetId, roleTag, clusterTag, own } = leave;
  const tags = await account.tagsOf(subnetId);
  if (tags?.some((key) => key.startsWith("kubernetes.io/cluster/") && key !== clusterTag) === true) {
    if (own) await account.leaveWord(subnetId);
    return;
  }
  const word = await account.takeWord(subnetId);
  if ((own || word) && tags?.includes(roleTag) === true) await account.removeTag(subnetId, roleTag);
}

function accountOf(region: string): RoleTagAccount {
  const ec2 = new EC2Client(clientConfiguration(region));
  const ssm = new SSMClient(clientConfiguration(region));
  const word = (subnetId: string) => `/okd/role-tags/${subnetId}`;
  return {
    tagsOf: async (subnetId) => {
      // By filter: a subnet that is gone is missing from the answer, instead of an error.
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: [subnetId] }] }));
      return Subnets.at(0)?.Tags?.flatMap(({ Key }) => Key ?? []);
    },
    removeTag: (subnetId, Key) => ec2.send(new DeleteTagsCommand({ Resources: [subnetId], Tags: [{ Key }] })),
    leaveWord: (subnetId) =>
      ssm.send(new PutParameterCommand({ Name: word(subnetId), Type: "String", Value: "a cluster's", Overwrite: true })),
    takeWord: async (subnetId) => {
      try {
        await ssm.send(new DeleteParameterCommand({ Name: word(subnetId) }));
        return true;
      } catch (error) {
        if (error instanceof ParameterNotFound) return false;
        throw error;
      }
    },
  };
}
