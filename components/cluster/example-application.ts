import * as pulumi from "@pulumi/pulumi";
import { databaseSecret, databaseService, databaseSet } from "../../cluster-objects/example-application/database";
import { exampleLimits, exampleNamespace, exampleNetworkPolicies, exampleQuota } from "../../cluster-objects/example-application/namespace";
import {
  guestbookAutoscaler,
  guestbookBudget,
  guestbookDeployment,
  guestbookProgram,
  guestbookRoute,
  guestbookService,
} from "../../cluster-objects/example-application/web";
import type { ExampleApplication } from "../../config/example-application/settings";
import { GeneratedPassword } from "../generated-password";
import type { ClusterApi } from "./cluster-api";

export interface ExampleGuestbookArgs {
  readonly api: ClusterApi;
  readonly settings: ExampleApplication;
  /** The router shards. The Routes are created after the shards, because only an existing shard admits a Route. */
  readonly routers: pulumi.Resource;
}

/** The example application: a guestbook with its database, in its own namespace. */
export class ExampleGuestbook extends pulumi.ComponentResource {
  constructor(
    private readonly baseName: string,
    private readonly args: ExampleGuestbookArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:ExampleGuestbook", baseName, {}, opts);
    const { settings, routers } = args;
    const namespace = this.object("namespace", exampleNamespace(settings));
    const limits = [
      this.object("quota", exampleQuota(), [namespace]),
      this.object("limits", exampleLimits(), [namespace]),
      ...exampleNetworkPolicies().map((policy) => this.object(`policy-${policy.metadata.name}`, policy, [namespace])),
    ];
    const { password } = new GeneratedPassword(`${baseName}-password`, { parent: this, dependsOn: namespace });
    const secret = this.object("database-secret", databaseSecret(pulumi.secret(password)), limits);
    const services = [this.object("database-service", databaseService(), limits), this.object("service", guestbookService(), limits)];
    const database = this.object("database", databaseSet(), [...services, secret]);
    const program = this.object("program", guestbookProgram(), limits);
    // The guestbook's pods become ready only when the database is ready.
    const web = this.object("web", guestbookDeployment(), [database, program]);
    this.object("autoscaler", guestbookAutoscaler(), [web]);
    this.object("budget", guestbookBudget(), [web]);
    for (const exposure of settings.exposures) this.object(`route-${exposure.router}`, guestbookRoute(exposure), [web, routers]);
    this.registerOutputs();
  }

  private object(
    part: string,
    object: Parameters<ClusterApi["object"]>[1],
    dependsOn: readonly pulumi.Resource[] = [],
  ): pulumi.CustomResource {
    return this.args.api.object(`${this.baseName}-${part}`, object, { parent: this, dependsOn: [...dependsOn] });
  }
}
