import * as pulumi from "@pulumi/pulumi";
import type { RouterShard } from "../../config/ingress/settings";
import { apiReader } from "../../steps/diagnosis/read/cluster";
import { ProgramError } from "../../lib/program-error";
import { parseKubeconfig } from "../../lib/kubernetes/kubeconfig";
import { type NamespaceFacts, passthroughRoutes, type RouteFacts } from "../../cluster-objects/ingress/passthrough";
import type { ClusterApi } from "./cluster-api";

export interface PassthroughCheckArgs {
  readonly api: ClusterApi;
  readonly shard: RouterShard;
  /** The shard's IngressController. */
  readonly router: pulumi.CustomResource;
}

/** A router shard behind a WAF admits passthrough routes, which cannot be served there. */
export class PassthroughError extends ProgramError {
  constructor(shard: string, routes: readonly string[]) {
    super(
      `the router shard ${shard} admits passthrough routes, whose TLS only the application terminates, but the load balancer with WAF terminates TLS: ${routes.join(", ")}. ` +
        "Make them edge or reencrypt routes, or give them labels that another shard's routeSelector selects.",
    );
  }
}

/**
 * Asks a running cluster for passthrough routes that the shard admits, before the load balancer with WAF is created: in the preview if the
 * cluster is installed, otherwise once the shard is created.
 */
export function refusePassthrough({ api, shard, router }: PassthroughCheckArgs): pulumi.Output<boolean> {
  const checked = api.kubeconfigAfter(router).apply(async (kubeconfig) => {
    const found = await findPassthrough(kubeconfig, shard);
    if (typeof found === "string") void pulumi.log.warn(`could not check the routes that ${shard.name} admits: ${found}`, router);
    else if (found.length > 0) throw new PassthroughError(shard.name, found);
    return true;
  });
  // The kubeconfig is secret, but the result of the check is not.
  return pulumi.unsecret(checked);
}

/** The passthrough routes that the shard admits, or the reason why the API did not list them. */
export async function findPassthrough(kubeconfig: string, shard: RouterShard): Promise<string[] | string> {
  try {
    const ask = apiReader(parseKubeconfig(kubeconfig));
    const list = async <T>(path: string): Promise<readonly T[]> => {
      const { status, body } = await ask(path);
      if (status !== 200) throw new Error(`the API answered ${path} with ${status}`);
      return (JSON.parse(body) as { items: readonly T[] }).items;
    };
    const [namespaces, routes] = await Promise.all([
      list<NamespaceFacts>("/api/v1/namespaces"),
      list<RouteFacts>("/apis/route.openshift.io/v1/routes"),
    ]);
    return passthroughRoutes(shard, namespaces, routes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
