import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { collect } from "./batches";
import { clusterTagKey, type SweepContext } from "./kind";

/**
 * What AWS's tagging API, which lags behind by minutes to hours, names under the cluster's tag.
 *
 * @param values the tag's values: `owned`, what the cluster made, or `shared`, what it used.
 */
export async function taggedArns({ target, clients: { tagging: client } }: SweepContext, values = ["owned"]): Promise<string[]> {
  const TagFilters = [{ Key: clusterTagKey(target), Values: values }];
  const found = await collect(paginateGetResources({ client }, { TagFilters }), (page) => page.ResourceTagMappingList);
  return found.map(({ ResourceARN = "" }) => ResourceARN);
}
