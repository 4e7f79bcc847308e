import { paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import type { Configuration } from "../../../config/configuration";
import { withTimeLimit } from "../../../lib/time-limit";
import { DiagnosisClients } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/**
 * Key of the tag with the cluster's domain, which all resources have (`clusterDomainTagKey` in `config/tags/fields.ts`).
 */
const clusterTagKey = "okd-aws/cluster";

const infraIdTag = /^kubernetes\.io\/cluster\/(.+)$/;

/** The infraID of the cluster with this domain, from its security groups' tags. Needed if the stack's first update failed, since there are no outputs then. */
export async function findInfraId({ region, clusterDomain }: Pick<Configuration, "region" | "clusterDomain">): Promise<string | undefined> {
  const clients = new DiagnosisClients(region);
  try {
    const Filters = [{ Name: `tag:${clusterTagKey}`, Values: [clusterDomain] }];
    const groups = await withTimeLimit((abortSignal) =>
      collectPages(paginateDescribeSecurityGroups({ client: clients.ec2 }, { Filters }, { abortSignal }), (page) => page.SecurityGroups),
    );
    return groups.flatMap(({ Tags = [] }) => Tags.flatMap(({ Key = "" }) => infraIdTag.exec(Key)?.[1] ?? [])).at(0);
  } finally {
    clients.destroy();
  }
}
