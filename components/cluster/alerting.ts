import * as pulumi from "@pulumi/pulumi";
import {
  ALERTMANAGER_KEY,
  ALERTMANAGER_SECRET,
  alertmanagerConfig,
  ORIGINAL_SECRET,
} from "../../cluster-objects/alerting/alertmanager-config";
import type { AlertingConfiguration } from "../../config/alerting/settings";
import type { Minor } from "../../config/releases/minor";
import type { ClusterApi } from "./cluster-api";
import { observeObjects } from "./observed-objects";

export interface AlertingArgs {
  readonly api: ClusterApi;
  readonly settings: AlertingConfiguration;
  /** Minor version of the configured release. */
  readonly minor: Minor;
}

/**
 * Receivers and routes of alerts, in the Secret that Alertmanager reads. The Secret is copied before the first change, and restored from the
 * copy when the settings are removed. Alertmanager reads a new configuration without a restart, so it keeps its silences.
 */
export class Alerting extends pulumi.ComponentResource {
  private constructor(
    name: string,
    { api, settings, minor }: AlertingArgs,
    original: string | undefined,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Alerting", name, {}, opts);
    const names = { secret: ALERTMANAGER_SECRET, copy: ORIGINAL_SECRET };
    const copy = api.command(
      `${name}-original`,
      "copied-secret",
      { create: { action: "copy", ...names }, delete: { action: "restore", ...names } },
      { parent: this },
    );
    const text = Buffer.from(configOf(settings, original ?? "", minor)).toString("base64");
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...ALERTMANAGER_SECRET },
      data: pulumi.secret({ [ALERTMANAGER_KEY]: text }),
    };
    // Without an answer the state's value stays.
    api.patchAndRetain(`${name}-config`, object, {
      parent: this,
      dependsOn: copy,
      ...(original === undefined && { ignoreChanges: ["data"] }),
    });
    this.registerOutputs();
  }

  /** Reads the original configuration of a running cluster, and declares the settings. */
  static async configure(name: string, args: AlertingArgs, opts?: pulumi.ComponentResourceOptions): Promise<Alerting> {
    const paths = [ORIGINAL_SECRET, ALERTMANAGER_SECRET].map(pathOf);
    const observed = await observeObjects<SecretContent>(paths, args.api, "Alertmanager's configuration");
    const found = observed?.get(pathOf(ORIGINAL_SECRET)) ?? observed?.get(pathOf(ALERTMANAGER_SECRET));
    const original = Buffer.from(found?.data?.[ALERTMANAGER_KEY] ?? "", "base64").toString("utf8");
    return new Alerting(name, args, observed && original, opts);
  }
}

interface SecretContent {
  readonly data?: Readonly<Record<string, string>>;
}

function pathOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}

/** @throws RunError if the cluster's own configuration cannot be read. The message does not quote it, because it holds secrets. */
function configOf(settings: AlertingConfiguration, original: string, minor: Minor): string {
  try {
    return alertmanagerConfig(settings, original, minor);
  } catch {
    const { name, namespace } = ALERTMANAGER_SECRET;
    throw new pulumi.RunError(
      `${ALERTMANAGER_KEY} of Secret ${namespace}/${name} is not a YAML map, so receivers cannot be added. Correct it, or delete the Secret: ` +
        `oc delete secret ${name} -n ${namespace}; the monitoring operator creates it again`,
    );
  }
}
