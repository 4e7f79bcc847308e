import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { collectorAccess, readerAccess } from "../../cluster-objects/logging/access";
import { loggingPlugin } from "../../cluster-objects/logging/console";
import { monitoredNamespace } from "../../cluster-objects/monitored-namespace";
import { clusterLogForwarder } from "../../cluster-objects/logging/forwarder";
import { lokiCredentialsRequest, lokiSecret, lokiSecretData, lokiStack, type MintedKeys } from "../../cluster-objects/logging/loki";
import { FORWARDER, LOKI, LOKI_CREDENTIALS } from "../../cluster-objects/logging/names";
import { outputCas, outputSecret, trustedOutputCas } from "../../cluster-objects/logging/outputs";
import type { ApiObject } from "../../cluster-objects/object";
import { LOGGING_NAMESPACE } from "../../config/logging/operators";
import type { LoggingConfiguration, LokiConfiguration } from "../../config/logging/settings";
import { partitionOf } from "../../config/partition";
import type { StatementEntry } from "../../ignition/credentials-requests";
import type { LoggingRequest } from "../../steps/logging/wait";
import { type ClusterApi, readyWhenField } from "./cluster-api";

/** Loki's bucket, and the access to it: an IAM role, or statements for which the cloud credential operator creates an access key. */
export interface LokiBucketAccess {
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly statements: pulumi.Output<StatementEntry[]>;
  readonly roleArn: pulumi.Output<string> | undefined;
}

/** For each operator, the resource that exists when the operator runs. */
export interface LoggingOperators {
  readonly collectors: pulumi.Resource;
  /** Undefined without Loki. */
  readonly loki: pulumi.Resource | undefined;
  /** Undefined unless the console gets a page of logs. */
  readonly console: pulumi.Resource | undefined;
}

export interface LoggingArgs {
  readonly api: ClusterApi;
  readonly settings: LoggingConfiguration;
  readonly operators: LoggingOperators;
  /** Undefined without Loki. */
  readonly storage: LokiBucketAccess | undefined;
  /**
   * The resources that give the infra nodes their role. A pod for infra nodes would stay pending until these exist, so the pods are declared
   * after them.
   */
  readonly infraRoles?: readonly pulumi.Resource[];
}

/** A declared part, and a text that changes whenever something changes that the part's operator reads. */
interface Declared {
  readonly resource: pulumi.Resource;
  readonly version: pulumi.Input<string>;
}

/**
 * Logging: the cluster's own store with Loki, and the collectors that write to it and forward logs to other systems. The update ends when both
 * run, or fails with the reason why they don't run.
 */
export class Logging extends pulumi.ComponentResource {
  constructor(
    private readonly baseName: string,
    private readonly args: LoggingArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Logging", baseName, {}, opts);
    const { api, settings, operators, storage } = args;
    // The namespaces exist by then: the operators' components declare them, and here they only get a label.
    for (const namespace of settings.monitoredNamespaces) this.monitor(namespace);
    const store = settings.loki && storage && this.store(settings.loki, storage);
    const forwarder = this.forwarder(store);
    const request: LoggingRequest = { namespace: LOGGING_NAMESPACE, ...(store && { lokiStack: LOKI }), forwarder: FORWARDER };
    const triggers = [...(store ? [store.version] : []), forwarder.version];
    const ready = api.command(
      `${baseName}-ready`,
      "logging-ready",
      { create: request, triggers, logging: command.local.Logging.Stderr },
      { parent: this, dependsOn: [...(store ? [store.resource] : []), forwarder.resource] },
    );
    if (store && operators.console) this.object("console", loggingPlugin(), [operators.console, ready]);
    for (const object of readerAccess(settings.readers))
      this.object(`${object.kind}-${object.metadata.namespace ?? "cluster"}-${object.metadata.name}`, object);
    this.registerOutputs();
  }

  /** The cluster's Prometheus collects the operators' metrics and alerts only in labelled namespaces. */
  private monitor(namespace: string): void {
    const { api, operators } = this.args;
    const after = [operators.collectors, ...(operators.loki ? [operators.loki] : [])];
    api.patchAsSeparateManager(`${this.baseName}-monitoring-${namespace}`, monitoredNamespace(namespace), {
      parent: this,
      dependsOn: after,
    });
  }

  /** Declares Loki, with the Secret for the access to its bucket. */
  private store(settings: LokiConfiguration, storage: LokiBucketAccess): Declared {
    const { operators, infraRoles = [] } = this.args;
    const secret = this.bucketSecret(storage);
    const object = lokiStack(settings, storage.roleArn === undefined ? "static" : "token");
    const after = [secret.resource, ...(operators.loki ? [operators.loki] : []), ...(settings.placement ? infraRoles : [])];
    const version = pulumi.interpolate`${digest(object.spec)} ${secret.version}`;
    return { resource: this.object("loki", object, after), version };
  }

  private bucketSecret({ bucket, region, statements, roleArn }: LokiBucketAccess): Declared {
    const { api, operators } = this.args;
    const { dnsSuffix } = partitionOf(region);
    if (roleArn !== undefined) {
      const data = pulumi
        .all([bucket, roleArn])
        .apply(([name, arn]) => lokiSecretData({ bucket: name, region }, { roleArn: arn }, dnsSuffix));
      return { resource: this.object("bucket", lokiSecret(data), [operators.collectors]), version: data.apply(digest) };
    }
    // If the cloud credential operator refuses, this CredentialsRequest fails, and its conditions have the reason. Otherwise Loki would fail,
    // without the reason.
    const request = this.object("credentials", readyWhenField(".status.provisioned", lokiCredentialsRequest(statements)), [
      operators.collectors,
    ]);
    const minted = { apiVersion: "v1", kind: "Secret", namespace: LOGGING_NAMESPACE, name: LOKI_CREDENTIALS };
    const keys = api.readData<MintedKeys>(`${this.baseName}-minted`, minted, request, { parent: this });
    const data = pulumi.secret(
      pulumi.all([bucket, keys]).apply(([name, found]) => lokiSecretData({ bucket: name, region }, found, dnsSuffix)),
    );
    return { resource: this.object("bucket", lokiSecret(data), [request]), version: data.apply(digest) };
  }

  /** Declares the collectors, with their service account and all objects to which their outputs refer. */
  private forwarder(store: Declared | undefined): Declared {
    const { settings, operators } = this.args;
    const { account, bindings } = collectorAccess(settings);
    const secret = outputSecret(settings.outputs);
    const cas = outputCas(settings.outputs);
    const trusted = trustedOutputCas(settings.outputs);
    const own = (part: string, object: ApiObject) => this.object(part, object, [operators.collectors]);
    const needed = [
      own("account", account),
      ...bindings.map((binding) => own(binding.metadata.name.replace("okd-aws-", ""), binding)),
      ...(secret ? [own("outputs", { ...secret, data: pulumi.secret(secret.data) })] : []),
      ...(cas ? [own("output-cas", cas)] : []),
      ...(trusted ? [own("trusted-cas", trusted)] : []),
    ];
    const object = clusterLogForwarder(settings);
    // The dependency on Loki makes Pulumi delete the collectors first: without Loki they would report errors.
    const resource = this.object("forwarder", object, [...needed, ...(store ? [store.resource] : [])]);
    const version = digest([object.spec, bindings, cas, trusted]);
    return { resource, version: secret ? pulumi.interpolate`${version} ${pulumi.secret(digest(secret.data))}` : version };
  }

  private object(part: string, object: ApiObject, dependsOn: readonly pulumi.Resource[] = []): pulumi.CustomResource {
    return this.args.api.object(`${this.baseName}-${part}`, object, { parent: this, dependsOn: [...dependsOn] });
  }
}

/** A hash that changes if one of the values changes. */
function digest(values: unknown): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}
