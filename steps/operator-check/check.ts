import { type ApiItem, type ClusterClient, isUnknownKind } from "../../lib/kubernetes/client";
import { operatorsPath } from "../operator/cluster-api";
import type { OperatorGroup, Subscription } from "../operator/objects";
import { checkExtension, checkReplacedExtension, type ExtensionCheckRequest } from "./extension";
import type { OperatorCheckResult } from "./result";

/**
 * The object that is about to be created for the first time: the Subscription of a package, the OperatorGroup of a namespace, or the
 * ClusterExtension of a package. The OperatorGroup has the namespace's name, and the ClusterExtension the package's.
 */
export type OperatorCheckRequest =
  | { readonly namespace: string; readonly package: string }
  | { readonly namespace: string; readonly targetNamespaces: readonly string[] }
  | ExtensionCheckRequest;

/**
 * Looks for objects that somebody else has created. A second OperatorGroup would stop all operators of the namespace
 * (openshift/operator-framework-olm, `staging/operator-lifecycle-manager/pkg/controller/operators/olm/operator.go`, release-4.19:
 * TooManyOperatorGroups), and the provider would overwrite a Subscription of the same name without asking (pulumi/pulumi-kubernetes,
 * `provider/pkg/await/await.go`, v4.25.0: Creation). A cluster without the Operator Lifecycle Manager has no such objects.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function checkBeforeOperator(
  client: Pick<ClusterClient, "list" | "listIfKnown">,
  request: OperatorCheckRequest,
): Promise<OperatorCheckResult> {
  if ("extension" in request) return checkExtension(client, request);
  try {
    if (!("package" in request)) return await checkGroups(client, request);
    const found = await checkSubscriptions(client, request);
    return found.problem === undefined ? await checkReplacedExtension(client, request.package) : found;
  } catch (error) {
    if (isUnknownKind(error)) return {};
    throw error;
  }
}

async function checkSubscriptions(
  client: Pick<ClusterClient, "list">,
  { namespace, package: own }: { readonly namespace: string; readonly package: string },
): Promise<OperatorCheckResult> {
  const all = await client.list<Subscription>(operatorsPath(namespace, "subscriptions"));
  // A Subscription of another package with this name would be overwritten, too.
  const found = all.filter(({ metadata, spec }) => spec.name === own || metadata.name === own);
  if (found.length === 0) return {};
  const commands = found.flatMap(({ metadata, status }) => [
    `oc delete subscription ${metadata.name} -n ${namespace}`,
    ...(status?.installedCSV === undefined ? [] : [`oc delete csv ${status.installedCSV} -n ${namespace}`]),
  ]);
  return {
    problem:
      `operator ${own}: the namespace ${namespace} has the Subscription ${namesOf(found)}, which this stack has not created. ` +
      `To take the operator over, delete its Subscription and its version, and run the command again. Definitions and custom resources stay (docs/operators.md):\n` +
      commands.join("\n"),
  };
}

async function checkGroups(
  client: Pick<ClusterClient, "list">,
  { namespace, targetNamespaces }: { readonly namespace: string; readonly targetNamespaces: readonly string[] },
): Promise<OperatorCheckResult> {
  const groups = await client.list<OperatorGroup>(operatorsPath(namespace, "operatorgroups", "v1"));
  if (groups.length === 0) return {};
  const [{ metadata, spec = {} }] = groups;
  if (
    groups.length === 1 &&
    metadata.name === namespace &&
    spec.selector === undefined &&
    haveSame(spec.targetNamespaces, targetNamespaces)
  )
    return { notice: `OperatorGroup ${namespace}/${namespace} exists with the same targetNamespaces: this stack manages it from now on` };
  return {
    problem:
      `The namespace ${namespace} has the OperatorGroup ${namesOf(groups)}, which this stack has not created. With a second one, OLM would stop all operators there. ` +
      `Choose another namespace; or delete the group if no other operator uses it, and run the command again: ` +
      groups.map((group) => `oc delete operatorgroup ${group.metadata.name} -n ${namespace}`).join("; "),
  };
}

function haveSame(found: readonly string[] = [], wanted: readonly string[]): boolean {
  return JSON.stringify([...found].sort()) === JSON.stringify([...wanted].sort());
}

function namesOf(items: readonly ApiItem[]): string {
  return items.map(({ metadata }) => metadata.name).join(", ");
}
