import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../config/configuration";
import type { CloudComponent } from "../../config/releases/components";
import { cloudComponents, manifestSelectionConfig } from "../../ignition/cloud-components";
import { type ComponentCredentialsRequest, requestsByComponent } from "../../ignition/credentials-requests";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import type { Executor, InstallerStep } from "../installer/executor";
import { releaseImageOf } from "../../ignition/mirror/release";
import { commonScript, installerEnvironment, installerScript, readScript } from "../installer/scripts";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import type { MirroredImage } from "../mirror";

/** AWS permissions that a release's components request. */
export interface ReleaseRequests {
  /** The components that have a role in this release. */
  readonly components: readonly CloudComponent[];
  /** Requests by component name; unknown in a preview that could not read them from the release image. */
  readonly requests: pulumi.Output<Record<string, ComponentCredentialsRequest>>;
}

export interface AskArgs {
  readonly executor: Executor;
  readonly configuration: Configuration;
  /** The release image in the mirror, for an executor that cannot reach its public registry. */
  readonly mirrored?: MirroredImage;
  readonly parent: pulumi.Resource;
}

/** The CredentialsRequests of the release with which the cluster was installed. */
export interface InstalledRelease {
  /** The step's output with the requests. */
  readonly answer: pulumi.Output<string>;
  /** Version of that release, as the state remembers it; unknown before the step has run. */
  readonly version: pulumi.Output<string | undefined>;
}

/** Reads the CredentialsRequests of the release with which the cluster is installed. Once an instance has booted, the step never runs again. */
export function readCredentialsRequestsOfInstalledRelease(name: string, args: AskArgs, frozen: boolean): InstalledRelease {
  const { executor, configuration, mirrored } = args;
  const environment = { ...installerEnvironment(configuration), ...mirrorEnvironment(mirrored) };
  const triggers = [manifestSelectionConfig(configuration), ...Object.values(environment)];
  const declared = executor.run(name, { ...stepOf(args, environment, installerScript), triggers, frozen }, optionsOf(args));
  // The first trigger is the manifest selection config. The second is the version, which is the first value of installerEnvironment.
  return { answer: declared.answer, version: declared.triggers.apply((values) => values?.[1]) };
}

/**
 * Reads the CredentialsRequests of a release to which the cluster is, or will be, updated. The step's name contains the release, so the step
 * runs again only for another release. A preview runs the step itself if it can, to show the roles' future permissions.
 *
 * @param args arguments whose `configuration` names that release
 */
export async function readCredentialsRequestsOfUpdate(name: string, args: AskArgs): Promise<ReleaseRequests> {
  const { executor, configuration, mirrored, parent } = args;
  const { release } = configuration;
  const image = releaseImageOf(configuration);
  const environment = { OKD_RELEASE: release, OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE: image, ...mirrorEnvironment(mirrored) };
  const step: InstallerStep = { ...stepOf(args, environment, commonScript), triggers: [release], frozen: true };
  const { answer } = executor.run(`${name}-${release}`, step, optionsOf(args));
  if (!pulumi.runtime.isDryRun() || (await valueIfKnown(answer)) !== undefined) return requestsOf(configuration, answer);
  const now = await executor.answerNow(`${name}-${release}`, step);
  if ("answer" in now) return requestsOf(configuration, pulumi.output(now.answer));
  await pulumi.log.warn(
    `This preview cannot show the permissions of the cluster's components in release ${release}: ${now.failure} The update reads them from the release.`,
    parent,
  );
  return requestsOf(configuration, answer);
}

function mirrorEnvironment(mirrored: MirroredImage | undefined): Record<string, string> {
  return mirrored === undefined ? {} : { MIRRORED_RELEASE_IMAGE: mirrored.image };
}

function optionsOf({ parent, mirrored }: AskArgs): pulumi.CustomResourceOptions {
  return { parent, ...(mirrored && { dependsOn: mirrored.available }) };
}

function stepOf(
  { configuration, mirrored }: AskArgs,
  environment: Record<string, string>,
  beginning: string,
): Omit<InstallerStep, "triggers" | "frozen"> {
  const pullSecret = mirrored?.pullSecret ?? configuration.pullSecret.reveal();
  const input = pulumi.all([pulumi.secret(pullSecret), mirrored?.caCertificate]).apply(([secret, authority]) =>
    encodeFiles({
      "install-config.yaml": manifestSelectionConfig(configuration),
      "pull-secret.json": secret,
      ...(authority !== undefined && { "registry-ca.crt": authority }),
    }),
  );
  return { script: `${beginning}\n${readScript("credentials-requests")}`, input, environment };
}

/**
 * Parses the output of the step that read a release's CredentialsRequests.
 *
 * @param configuration the configuration that names that release
 */
export function requestsOf(configuration: Configuration, answer: pulumi.Output<string>): ReleaseRequests {
  const components = cloudComponents(configuration);
  // The permissions of a release's components are public, so a preview may show them.
  const requests = pulumi.unsecret(answer).apply((files) => requestsByComponent(components, decodeFiles(files)));
  return { components, requests };
}
