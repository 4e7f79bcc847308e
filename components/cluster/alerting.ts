import * as pulumi from "@pulumi/pulumi";
import {
  ALERTMANAGER_KEY,
  ALERTMANAGER_SECRET,
  alertmanagerConfig,
  CONFIGURED_ANNOTATION,
  ORIGINAL_SECRET,
} from "../../cluster-objects/alerting/alertmanager-config";
import type { AlertingConfiguration } from "../../config/alerting/settings";
import type { Minor } from "../../config/releases/minor";
import { ProgramError } from "../../lib/program-error";
import { reasonOf } from "../../lib/reason";
import { secretPath } from "../../steps/copied-secret/copy";
import type { ClusterApi } from "./cluster-api";
import { type ObservedObjects, observeObjects } from "./observed-objects";

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
    original: Original | undefined,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:Alerting", name, {}, opts);
    const names = { secret: ALERTMANAGER_SECRET, copy: ORIGINAL_SECRET, annotation: CONFIGURED_ANNOTATION };
    const copy = api.command(
      `${name}-original`,
      "copied-secret",
      { create: { action: "copy", ...names }, delete: { action: "restore", ...names } },
      { parent: this },
    );
    const text = Buffer.from(configOf(settings, original ?? { text: "", secret: ALERTMANAGER_SECRET.name }, minor)).toString("base64");
    const metadata = { ...ALERTMANAGER_SECRET, annotations: { [CONFIGURED_ANNOTATION]: "true" } };
    const object = { apiVersion: "v1", kind: "Secret", metadata, data: pulumi.secret({ [ALERTMANAGER_KEY]: text }) };
    // If the preview could not read the Secret, the value in the state is kept, so that the preview shows no change.
    api.patchAndRetain(`${name}-config`, object, {
      parent: this,
      dependsOn: copy,
      ...(original === undefined && { ignoreChanges: ["data"] }),
    });
    this.registerOutputs();
  }

  /**
   * Reads the original configuration of a running cluster, and declares the settings.
   *
   * @throws ProgramError if the copy of the original is missing while the Secret holds this program's configuration
   */
  static async configure(name: string, args: AlertingArgs, opts?: pulumi.ComponentResourceOptions): Promise<Alerting> {
    const paths = [ORIGINAL_SECRET, ALERTMANAGER_SECRET].map(secretPath);
    const observed = await observeObjects<SecretContent>(paths, args.api, "Alertmanager's configuration");
    return new Alerting(name, args, observed && originalIn(observed), opts);
  }
}

/** The configuration before this program changed it, and the name of the Secret that holds it. */
interface Original {
  readonly text: string;
  readonly secret: string;
}

function originalIn(observed: ObservedObjects<SecretContent>): Original {
  const copy = observed.get(secretPath(ORIGINAL_SECRET));
  const current = observed.get(secretPath(ALERTMANAGER_SECRET));
  if (copy === undefined && current?.metadata.annotations?.[CONFIGURED_ANNOTATION] !== undefined)
    throw new ProgramError(
      `the Secret ${ORIGINAL_SECRET.namespace}/${ORIGINAL_SECRET.name} is missing. It held Alertmanager's configuration from before this program's first change. ` +
        `Create the Secret again, with the key ${ALERTMANAGER_KEY}; an empty value means the cluster's default configuration`,
    );
  const found = copy ?? current;
  const text = Buffer.from(found?.data?.[ALERTMANAGER_KEY] ?? "", "base64").toString("utf8");
  return { text, secret: (copy ? ORIGINAL_SECRET : ALERTMANAGER_SECRET).name };
}

interface SecretContent {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
}

/** @throws ProgramError if the settings can't be merged into the original. The message does not quote the original, which holds secrets. */
function configOf(settings: AlertingConfiguration, { text, secret }: Original, minor: Minor): string {
  try {
    return alertmanagerConfig(settings, text, minor);
  } catch (error) {
    throw new ProgramError(
      `the receivers of alerts cannot be added to ${ALERTMANAGER_KEY} in the Secret ${ALERTMANAGER_SECRET.namespace}/${secret}: ${reasonOf(error)}. Correct the configuration in this Secret`,
    );
  }
}
