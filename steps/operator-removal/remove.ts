import { isUnknownKind } from "../../lib/kubernetes/client";
import type { OperatorApi } from "../operator/cluster-api";
import type { ClusterServiceVersion, OperatorRequest, OperatorState, Subscription } from "../operator/objects";

export type OperatorRemoval = Pick<OperatorRequest, "package" | "namespace" | "source">;

/** The namespace whose OperatorGroup is removed. The OperatorGroup has the name of the namespace. */
export type GroupRemoval = Pick<OperatorRequest, "namespace">;

type Say = (text: string) => void;

/**
 * Deletes the versions of a package whose Subscription has been deleted: OLM does not delete them, and their pods go on running. A version stays if
 * another Subscription names it. CRDs, custom resources and dependencies stay as well. A cluster without the Operator Lifecycle Manager has nothing
 * to delete.
 *
 * @param say shows what stays
 * @throws Error if the API refuses a request or does not answer
 */
export async function removeOperator(
  api: Pick<OperatorApi, "state" | "deleteCsv">,
  removal: OperatorRemoval,
  say: Say = () => undefined,
): Promise<void> {
  const state = await stateIfManaged(api, removal);
  if (state === undefined) return;
  const { namespace, package: own } = removal;
  const others = state.subscriptions.filter(({ metadata }) => metadata.name !== own);
  for (const { metadata } of state.csvs.filter((each) => isOfPackage(each, own))) {
    const user = others.find(({ status }) => [status?.installedCSV, status?.currentCSV].includes(metadata.name));
    if (user === undefined) await api.deleteCsv(namespace, metadata.name);
    else say(`${metadata.name} stays in ${namespace}: Subscription ${user.metadata.name}, which this stack has not created, uses it.`);
  }
  const generated = others.filter(isGenerated).map(({ metadata }) => metadata.name);
  if (generated.length > 0)
    say(
      `Dependencies stay in ${namespace}, and OLM updates them by itself: ${generated.join(", ")}. ` +
        `If no operator needs them, delete each Subscription and its version: oc get subscriptions,csv -n ${namespace}`,
    );
}

/**
 * Deletes the OperatorGroup of a namespace, unless a Subscription or a version in the namespace uses it: without an OperatorGroup their operators
 * would stop (openshift/operator-framework-olm, `staging/operator-lifecycle-manager/pkg/controller/operators/olm/operator.go`, release-4.19:
 * NoOperatorGroup).
 *
 * @param say shows the Subscriptions and versions that use it
 * @throws Error if the API refuses a request or does not answer
 */
export async function removeGroup(
  api: Pick<OperatorApi, "state" | "deleteGroup">,
  { namespace }: GroupRemoval,
  say: Say = () => undefined,
): Promise<void> {
  const state = await stateIfManaged(api, { namespace, source: { name: "", namespace } });
  if (state === undefined) return;
  const users = [
    ...state.subscriptions.map(({ metadata }) => `Subscription ${metadata.name}`),
    ...state.csvs.filter((csv) => !isGoing(csv)).map(({ metadata }) => `version ${metadata.name}`),
  ];
  if (users.length === 0) await api.deleteGroup(namespace);
  else say(`OperatorGroup ${namespace}/${namespace} stays, because others use it: ${users.join(", ")}.`);
}

/** The objects of the namespace; undefined if the cluster has no Operator Lifecycle Manager. */
async function stateIfManaged(
  api: Pick<OperatorApi, "state">,
  of: Pick<OperatorRequest, "namespace" | "source">,
): Promise<OperatorState | undefined> {
  return api.state(of).catch((error: unknown) => {
    if (isUnknownKind(error)) return undefined;
    throw error;
  });
}

/** Whether OLM has created a Subscription for a dependency (openshift/operator-framework-olm, `…/operators/catalog/operator.go`, release-4.19). */
function isGenerated({ metadata }: Subscription): boolean {
  return metadata.annotations !== undefined && "olm.generated-by" in metadata.annotations;
}

/** Whether a version has been deleted and only waits for OLM's finalizer. */
function isGoing({ metadata }: ClusterServiceVersion): boolean {
  return "deletionTimestamp" in metadata;
}

/**
 * Whether a version belongs to a package, by the bundle's properties (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/registry/resolver/projection/properties.go`, master). A version with unreadable properties does not.
 */
function isOfPackage({ metadata }: ClusterServiceVersion, name: string): boolean {
  const properties = propertiesIn(metadata.annotations?.["operatorframework.io/properties"] ?? "{}");
  return properties.some(({ type, value }) => type === "olm.package" && value?.packageName === name);
}

interface Property {
  readonly type?: string;
  readonly value?: { readonly packageName?: string } | null;
}

function isProperty(value: unknown): value is Property {
  return typeof value === "object" && value !== null;
}

function propertiesIn(text: string): readonly Property[] {
  try {
    const { properties } = (JSON.parse(text) ?? {}) as { properties?: unknown };
    return Array.isArray(properties) ? (properties as unknown[]).filter(isProperty) : [];
  } catch {
    return [];
  }
}
