import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, CredentialsMode } from "../../config/configuration";
import { manifestsIn } from "../../ignition/bootstrap-config";
import { decodeFiles, encodeFiles } from "../../ignition/file-transfer";
import { signingKeyFile } from "../../ignition/cloud-roles";
import { redactInstallConfig, renderInstallConfig } from "../../ignition/install-config";
import type { RegistryAccess } from "../../ignition/installer-host/registry";
import { assertNothingForbidden, type ManifestPatches, patchManifests } from "../../ignition/manifest-patches";
import type { Manifests } from "../../ignition/manifests";
import { sourcePolicy } from "../../ignition/mirror/release";
import type { ClusterIdentity } from "../cluster-identity";
import { AssetAge, type InstallationPhase } from "./asset-age";
import type { AwsAccess, Executor } from "./executor";
import { installerScript, installerEnvironment, readScript } from "./scripts";

export interface InstallationArgs {
  readonly executor: Executor;
  readonly configuration: Configuration;
  readonly identity: ClusterIdentity;
  /** Once an instance has booted from the installer's files, no step runs again. */
  readonly phase: InstallationPhase;
}

/** Values from other components that the installation needs. */
export interface InstallationInputs {
  readonly zones: readonly string[];
  readonly sshPublicKey: pulumi.Input<string>;
  /** ID of the private hosted zone; undefined with user-managed DNS. */
  readonly privateZoneId?: pulumi.Input<string>;
  /** Manifests that this program adds, by their path in the installer's directory, such as `manifests/…`. */
  readonly manifests: pulumi.Input<Manifests>;
  readonly credentialsMode: CredentialsMode;
  /**
   * Key in PEM format with which the cluster signs its service accounts' tokens; secret. Undefined if the cluster is to generate its own.
   */
  readonly signingKey?: pulumi.Input<string>;
  /** Access to the installer host's registry, if the release is mirrored there. */
  readonly registry?: pulumi.Input<RegistryAccess>;
  /** The instances' AMI, if the release publishes none in the region. */
  readonly imageId?: pulumi.Input<string>;
}

/** Result of an installation. */
export interface InstallationResult {
  readonly files: InstallationFiles;
  /**
   * Files by path that identify the cluster after the state is lost: the installer's metadata, and the install-config without its secrets.
   */
  readonly record: pulumi.Output<object>;
}

/** The files of an installation that instances or people need; all are secret. */
export interface InstallationFiles {
  readonly bootstrapIgnition: pulumi.Output<string>;
  readonly masterIgnition: pulumi.Output<string>;
  readonly workerIgnition: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly kubeadminPassword: pulumi.Output<string>;
  /** JSON with which `openshift-install` itself could identify the cluster. */
  readonly metadata: pulumi.Output<string>;
}

/**
 * Runs the real `openshift-install`: gets the release's CoreOS images, generates and patches the manifests, and generates the ignition
 * configs from them. Every step starts in an empty directory and leaves no files behind: its results are in the state.
 */
export class Installation extends pulumi.ComponentResource {
  /** Stream metadata of the release's CoreOS, as JSON. */
  readonly stream: pulumi.Output<string>;

  constructor(
    private readonly baseName: string,
    private readonly args: InstallationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:installer:Installation", baseName, {}, opts);
    // The stream metadata are the release's and not secret.
    const answer = this.step("stream", "", installerEnvironment(args.configuration));
    this.stream = pulumi.unsecret(answer).apply((files) => fileOf(files, "stream.json"));
    this.registerOutputs();
  }

  /** Generates manifests and ignition configs, once all inputs are known. */
  install(inputs: InstallationInputs): InstallationResult {
    const { configuration, identity, phase } = this.args;
    const identityEnvironment = {
      ...installerEnvironment(configuration),
      INFRA_ID: identity.infraId,
      CLUSTER_ID: identity.clusterId,
    };
    const age = new AssetAge(`${this.baseName}-age`, phase, { parent: this });
    const installConfig = this.installConfig(inputs);
    const request = installConfig.apply((text) => encodeFiles({ "install-config.yaml": text }));
    // In the other credentials modes the manifests contain the deployer's credentials, and openshift-install refuses temporary ones there
    // (openshift/installer, `pkg/asset/manifests/openshift.go`, release-4.19).
    const aws = inputs.credentialsMode === "manual" ? "temporary" : "permanent";
    const manifests = this.step("manifests", request, identityEnvironment, [], aws);
    const patchedRequest = requestWithPatches(installConfig, this.patches(manifests, inputs), inputs);
    const answer = this.step("ignition", patchedRequest, identityEnvironment, [age.stampedAt], aws).apply((files) => {
      assertNothingForbidden(manifestsIn(fileOf(files, "bootstrap.ign")));
      return files;
    });
    const files = installationFiles(answer);
    const record = pulumi.all([files.metadata, installConfig]).apply(([metadata, text]) => ({
      "metadata.json": metadata,
      "install-config.yaml": redactInstallConfig(text),
    }));
    return { files, record };
  }

  /** The install-config.yaml. It is secret, because it contains the pull secret. */
  private installConfig({ zones, credentialsMode, ...inputs }: InstallationInputs): pulumi.Output<string> {
    return pulumi
      .all([pulumi.secret(inputs.sshPublicKey), inputs.registry, inputs.imageId])
      .apply(([sshPublicKey, registry, imageId]) =>
        renderInstallConfig(this.args.configuration, { sshPublicKey, zones, credentialsMode, registry, imageId }),
      );
  }

  /** The changes to the installer's manifests. */
  private patches(manifests: pulumi.Output<Manifests>, inputs: InstallationInputs): pulumi.Output<ManifestPatches> {
    const { configuration, identity } = this.args;
    const { workers, publish, dns, mirror } = configuration;
    return pulumi.all([manifests, identity.infraId, inputs.privateZoneId]).apply(([files, infraId, privateZoneId]) =>
      patchManifests(files, {
        infraId,
        mastersSchedulable: workers.count === 0,
        publish,
        privateZoneId,
        privateZoneRoleArn: dns.management === "managed" ? dns.privateZone?.roleArn : undefined,
        sourcePolicy: mirror && sourcePolicy(mirror),
      }),
    );
  }

  private step(
    suffix: string,
    input: pulumi.Input<string>,
    variables: Record<string, pulumi.Input<string>>,
    triggers: readonly pulumi.Input<string>[] = [],
    aws?: AwsAccess,
  ): pulumi.Output<Record<string, string>> {
    const script = `${installerScript}\n${readScript(suffix)}`;
    const trigger = pulumi.unsecret(pulumi.all([input, variables]).apply(([text, values]) => digest(script, text, JSON.stringify(values))));
    const { answer } = this.args.executor.run(
      `${this.baseName}-${suffix}`,
      {
        script,
        input,
        environment: variables,
        ...(aws && { aws }),
        triggers: [trigger, ...triggers],
        frozen: this.args.phase !== "before-first-boot",
      },
      { parent: this },
    );
    return pulumi.secret(answer).apply(decodeFiles);
  }
}

/** Input of the step that generates the ignition configs: the install-config, the patches and this program's own manifests. */
function requestWithPatches(
  installConfig: pulumi.Output<string>,
  patches: pulumi.Output<ManifestPatches>,
  { manifests, signingKey }: InstallationInputs,
): pulumi.Output<string> {
  return pulumi.all([installConfig, patches, manifests, signingKey]).apply(([text, { remove, write }, own, key]) =>
    encodeFiles({
      "install-config.yaml": text,
      ...(key !== undefined && { [signingKeyFile]: key }),
      "patches/removed": remove.map((path) => `${path}\n`).join(""),
      ...Object.fromEntries(Object.entries({ ...write, ...own }).map(([path, content]) => [`patches/${path}`, content])),
    }),
  );
}

function installationFiles(answer: pulumi.Output<Record<string, string>>): InstallationFiles {
  const file = (path: string) => answer.apply((files) => fileOf(files, path));
  return {
    bootstrapIgnition: file("bootstrap.ign"),
    masterIgnition: file("master.ign"),
    workerIgnition: file("worker.ign"),
    kubeconfig: file("auth/kubeconfig"),
    kubeadminPassword: file("auth/kubeadmin-password"),
    metadata: file("metadata.json"),
  };
}

function digest(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

function fileOf(files: Readonly<Partial<Record<string, string>>>, path: string): string {
  const content = files[path];
  if (content === undefined) throw new Error(`openshift-install did not write ${path}; the step's log says why`);
  return content;
}
