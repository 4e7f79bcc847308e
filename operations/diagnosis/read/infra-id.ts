import { paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import type { Configuration } from "../../../config/configuration";
import { bounded } from "../attempts";
import { Clients, collect } from "./clients";

/** The tag that carries the cluster's domain on everything (`components/naming.ts`, which is Pulumi's). */
const clusterTagKey = "okd-aws/cluster";

const infraIdTag = /^kubernetes\.io\/cluster\/(.+)$/;

/** The identity of the cluster of that domain, by the tags of its security groups: for a stack whose first update failed, which stores no outputs. */
export async function findInfraId({ region, clusterDomain }: Pick<Configuration, "region" | "clusterDomain">): Promise<string | undefined> {
  const clients = new Clients(region);
  try {
    const Filters = [{ Name: `tag:${clusterTagKey}`, Values: [clusterDomain] }];
    const groups = await bounded((abortSignal) =>
      collect(paginateDescribeSecurityGroups({ client: clients.ec2 }, { Filters }, { abortSignal }), (page) => page.SecurityGroups),
    );
    return groups.flatMap(({ Tags = [] }) => Tags.flatMap(({ Key = "" }) => infraIdTag.exec(Key)?.[1] ?? [])).at(0);
  } finally {
    clients.destroy();
  }
}
