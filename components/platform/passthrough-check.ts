import * as pulumi from "@pulumi/pulumi";
import { asker } from "../../operations/diagnosis/read/cluster";
import { parseKubeconfig } from "../../operations/diagnosis/read/kubeconfig";
import { type NamespaceFacts, passthroughRoutes, type RouteFacts } from "../../platform/ingress/passthrough";
import type { WafFrontArgs } from "./waf-front";

/** A shard behind a WAF that admits routes which can't be served there. Printed by Pulumi without a stack. */
export class PassthroughError extends Error {
  /** The SDK's own test for its RunError looks at this field (@pulumi/pulumi/errors). */
  readonly __pulumiRunError = true;

  constructor(shard: string, routes: readonly string[]) {
    super(
      `the router shard ${shard} admits routes whose TLS ends in their application, and the WAF in front of it ends TLS before that: ${routes.join(", ")}. ` +
        "Make them edge or reencrypt routes, or give them labels that another shard's routeSelector selects.",
    );
    this.name = "PassthroughError";
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Asks a running cluster for passthrough routes that the shard admits, before there is anything in front of it: of a cluster that stands already in the
 * preview, of a new one when the shard does.
 */
export function refusePassthrough({ kubeconfig, shard, stands, router }: WafFrontArgs): pulumi.Output<boolean> {
  const when: pulumi.Input<unknown> = stands ? true : router.id;
  const checked = pulumi.all([kubeconfig, when]).apply(async ([text]) => {
    const found = await findPassthrough(text, shard);
    if (typeof found === "string") void pulumi.log.warn(`the routes that ${shard.name} admits were not looked at: ${found}`, router);
    else if (found.length > 0) throw new PassthroughError(shard.name, found);
    return true;
  });
  // That it was asked is no secret, as whom is.
  return pulumi.unsecret(checked);
}

/** The routes, or why the API doesn't tell them. */
export async function findPassthrough(kubeconfig: string, shard: WafFrontArgs["shard"]): Promise<string[] | string> {
  try {
    const ask = asker(parseKubeconfig(kubeconfig));
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
