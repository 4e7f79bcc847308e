import { RefusedByApi } from "../../lib/kubernetes/client";
import type { OperatorApi } from "../operator/cluster-api";
import type { ClusterServiceVersion, OperatorRequest } from "../operator/objects";

export type OperatorRemoval = Pick<OperatorRequest, "package" | "namespace" | "source">;

/**
 * Deletes the versions of a package whose Subscription has been deleted: OLM leaves them, and their pods go on running. Its definitions and
 * custom resources stay. A cluster without the Operator Lifecycle Manager has nothing to delete.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function removeOperator(api: Pick<OperatorApi, "state" | "deleteCsv">, removal: OperatorRemoval): Promise<void> {
  const state = await api.state(removal).catch((error: unknown) => {
    if (error instanceof RefusedByApi && error.byItself && error.status === 404) return undefined;
    throw error;
  });
  if (state === undefined) return;
  for (const csv of state.csvs.filter((each) => isOfPackage(each, removal.package)))
    await api.deleteCsv(removal.namespace, csv.metadata.name);
}

/**
 * Whether a version belongs to a package, by the bundle's properties (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/registry/resolver/projection/properties.go`, master).
 */
function isOfPackage({ metadata }: ClusterServiceVersion, name: string): boolean {
  const text = metadata.annotations?.["operatorframework.io/properties"];
  if (text === undefined) return false;
  const { properties = [] } = JSON.parse(text) as { properties?: readonly { type: string; value?: { packageName?: string } }[] };
  return properties.some(({ type, value }) => type === "olm.package" && value?.packageName === name);
}
