import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { ownershipTagKey, type CleanupContext } from "./resource-kind";
import { collectPages } from "../../lib/aws/pages";

/**
 * ARNs of the resources with the cluster's tag, from AWS's tagging API, which lags behind by minutes to hours.
 *
 * @param values values of the tag: `owned` for resources that the cluster created, `shared` for resources that the
 * cluster only uses.
 */
export async function taggedArns({ target, clients: { tagging: client } }: CleanupContext, values = ["owned"]): Promise<string[]> {
  const TagFilters = [{ Key: ownershipTagKey(target), Values: values }];
  const found = await collectPages(paginateGetResources({ client }, { TagFilters }), (page) => page.ResourceTagMappingList);
  return found.map(({ ResourceARN = "" }) => ResourceARN);
}
