import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type ClusterExtension, extensionsPath } from "../extension/objects";
import type { Subscription } from "../operator/objects";
import type { OperatorCheckResult } from "./result";

/** The ClusterExtension that is about to be created for the first time, by its package. */
export interface ExtensionCheckRequest {
  readonly extension: string;
  readonly namespace: string;
}

type ListClient = Pick<ClusterClient, "listIfKnown">;

/**
 * Looks for objects of the operator: a ClusterExtension, which the provider would overwrite, and Subscriptions. OLM v1 does not take over
 * the objects of an operator that version 0 has installed. A cluster without one of the two versions has no such objects.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function checkExtension(
  client: ListClient,
  { extension: own, namespace }: ExtensionCheckRequest,
): Promise<OperatorCheckResult> {
  const extension = (await extensionsOf(client, own)).at(0);
  if (extension !== undefined) return { problem: extensionProblem(own, namespace, extension) };
  const subscriptions = await client.listIfKnown<Subscription & Namespaced>("/apis/operators.coreos.com/v1alpha1/subscriptions");
  const found = subscriptions.find(({ spec }) => spec.name === own);
  if (found === undefined) return {};
  const { name, namespace: other } = found.metadata;
  return {
    problem:
      `operator ${own}: version 0 of OLM has installed it (Subscription ${name} in ${other}), and version 1 does not take over its objects. ` +
      "Keep generation 0; or remove the entry, run the command, delete the operator's CustomResourceDefinitions with all custom resources, and add the entry again (docs/operators.md).",
  };
}

/**
 * Looks for the ClusterExtension of a package that version 0 of OLM is about to install. Its later removal would delete the
 * CustomResourceDefinitions that both versions share.
 *
 * @throws Error if the API refuses a request or does not answer
 */
export async function checkReplacedExtension(client: ListClient, own: string): Promise<OperatorCheckResult> {
  const extension = (await extensionsOf(client, own)).at(0);
  if (extension === undefined) return {};
  return {
    problem:
      `operator ${own}: version 1 of OLM has installed it (ClusterExtension ${extension.metadata.name}). Both versions would manage the same CustomResourceDefinitions. ` +
      "Remove the entry, run the command, and add the entry again. This deletes all custom resources of the operator (docs/operators.md).",
  };
}

interface Namespaced extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly namespace: string };
}

/** ClusterExtensions of the package, and of another package with its name. */
async function extensionsOf(client: ListClient, own: string): Promise<ClusterExtension[]> {
  const all = await client.listIfKnown<ClusterExtension>(extensionsPath("clusterextensions"));
  return all.filter(({ metadata, spec }) => metadata.name === own || spec.source?.catalog?.packageName === own);
}

function extensionProblem(own: string, namespace: string, { metadata: { name }, spec }: ClusterExtension): string {
  if (name === own && spec.namespace !== namespace)
    return (
      `operator ${own}: its ClusterExtension is in the namespace ${spec.namespace}, and OLM cannot move it to ${namespace}. ` +
      `Set namespace to ${spec.namespace}. Or remove the entry, run the command, and add it again: this deletes all custom resources of the operator (docs/operators.md).`
    );
  return (
    `operator ${own}: the cluster has the ClusterExtension ${name}, which this stack has not created. ` +
    `To take the operator over, delete it and run the command again. This deletes the operator's CustomResourceDefinitions with all custom resources in the whole cluster: oc delete clusterextension ${name}`
  );
}
