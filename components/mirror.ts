import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration, MirrorConfiguration } from "../config/configuration";
import type { Partition } from "../config/partition";
import { decodeFiles, encodeFiles } from "../ignition/file-transfer";
import { type RegistryAccess, registryUsers } from "../ignition/installer-host/registry";
import type { HostServices } from "../ignition/installer-host/services";
import type { Manifests } from "../ignition/manifests";
import { clusterResources, installationManifests, taggedSources, tagMirrorManifests } from "../ignition/mirror/cluster-resources";
import { mirrorObjects } from "../ignition/mirror/cluster-objects";
import { mirrorServices, mirrorStateKey } from "../ignition/mirror/host-services";
import { isUpdateService, updateServiceApi } from "../ignition/mirror/update-service";
import { withRegistry } from "../ignition/mirror/pull-secret";
import { mirroredRepositories, mirrorRegistry, releaseImageOf, sourcePolicy } from "../ignition/mirror/release";
import type { WaitRequest } from "../steps/mirror/wait";
import type { PolicyStatement } from "./iam/machine-role";
import { HostSecret } from "./installer-host/host-secret";
import type { InstallerHost } from "./installer-host/installer-host";
import type { Executor } from "./installer/executor";
import { commonScript, readScript } from "./installer/scripts";
import type { Naming } from "./naming";
import { ownProgram } from "./own-command";
import type { PrivateBucket } from "./private-bucket";

/** Seconds to wait until the release is mirrored: long enough to transfer a release at 20 Mbit/s. This project's choice. */
const timeoutSeconds = 3 * 3600;

/** Seconds that the installed cluster may take to accept oc-mirror's objects. */
const completionTimeoutSeconds = 600;

/** Seconds that the update service's operator may take to start after its catalog exists. This project's choice. */
const operatorTimeoutSeconds = 600;

/** Error message if the update service's operator does not start in time. */
const operatorMissing =
  `The update service's operator has not started within ${operatorTimeoutSeconds} seconds. The cluster itself is installed and complete; the next update ` +
  "tries again. To find the cause: oc --namespace openshift-update-service get subscriptions,installplans,clusterserviceversions; " +
  "oc --namespace openshift-marketplace get catalogsources,pods.";

export interface MirrorArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly configuration: Configuration;
  readonly mirror: MirrorConfiguration;
  /** Bucket in which the host publishes its progress. */
  readonly bucket: PrivateBucket;
}

/**
 * Mirrors the release to the installer host's registry. The host copies the images, the installation waits until all images are there, and the
 * cluster's nodes pull from the registry.
 */
export class Mirror extends pulumi.ComponentResource {
  /** Files, secrets and units that the installer host needs for mirroring. */
  readonly services: pulumi.Output<HostServices>;
  /** Additional IAM statements for the host's role. */
  readonly statements: readonly PolicyStatement[];
  private readonly secret: HostSecret;
  private readonly stateKey: string;

  constructor(
    private readonly baseName: string,
    private readonly args: MirrorArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:installer:Mirror", baseName, {}, opts);
    const { naming, configuration, mirror, partition } = args;
    const { volumeKmsKeyArn } = configuration;
    const bucket = args.bucket.bucket.bucket;
    this.stateKey = mirrorStateKey({ configuration, mirror });
    this.secret = new HostSecret(
      `${baseName}-pull-secret`,
      {
        naming,
        suffix: "mirror",
        description: "Credentials of the registries that the installer host mirrors from and to",
        kmsKeyArn: volumeKmsKeyArn,
      },
      { parent: this },
    );
    this.services = pulumi
      .all([bucket, this.secret.arn])
      .apply(([name, secretArn]) => mirrorServices({ configuration, mirror, bucket: name, secretArn }));
    const s3 = `arn:${partition.name}:s3:::`;
    const archive = mirror.mode === "air-gapped" ? mirror.archive : undefined;
    this.statements = [
      { actions: ["secretsmanager:GetSecretValue"], resource: this.secret.arn },
      { actions: ["s3:PutObject"], resource: pulumi.interpolate`${s3}${bucket}/${this.stateKey}` },
      ...(archive === undefined
        ? []
        : [
            { actions: ["s3:ListBucket"], resource: `${s3}${archive.bucket}` },
            { actions: ["s3:GetObject"], resource: `${s3}${[archive.bucket, archive.prefix, "*"].filter(Boolean).join("/")}` },
          ]),
    ];
    this.registerOutputs();
  }

  /** Declares the wait until the host has mirrored the release. */
  waitUntilMirrored(host: InstallerHost): MirroredRelease {
    const { configuration, bucket } = this.args;
    const registry = mirrorRegistry(configuration);
    const auth = host.registry.password.apply((password) =>
      withRegistry(configuration.pullSecret.reveal(), registry, { user: registryUsers.push, password }),
    );
    const filled = this.secret.fill(pulumi.secret(auth).apply((text) => encodeFiles({ "auth.json": text })));
    const request = pulumi.all([bucket.bucket.bucket, host.dataVolumeId]).apply(([name, volumeId]): WaitRequest => ({
      region: configuration.region,
      bucket: name,
      key: this.stateKey,
      volumeId,
      timeoutSeconds,
    }));
    const mirrored = new command.local.Command(
      `${this.baseName}-wait`,
      {
        interpreter: ownProgram("mirror"),
        create: pulumi.jsonStringify(request),
        triggers: [this.stateKey, host.dataVolumeId],
        logging: command.local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      { parent: this, dependsOn: [filled, host], ignoreChanges: ["interpreter"] },
    );
    // If an update leaves the wait out (`--target`, `--exclude`), the wait has no output.
    const files = mirrored.stdout.apply((answer?: string) => decodeFiles(answer ?? ""));
    return new MirroredRelease(this.baseName, this.args, host, { available: mirrored, files }, { parent: this });
  }
}

/** The release image in the installer host's registry, for a step that runs on that host. */
export interface MirroredImage {
  /** Pull specification with its digest. */
  readonly image: string;
  /** Credentials in the format of a pull secret; secret. */
  readonly pullSecret: pulumi.Output<string>;
  /** The registry's CA certificate in PEM format. */
  readonly caCertificate: pulumi.Output<string>;
  /** This resource is created when the image is in the registry. */
  readonly available: pulumi.Resource;
}

/** A release that is in the installer host's registry. */
export class MirroredRelease {
  /** CA and password with which nodes pull from the registry; the password is secret. */
  readonly access: pulumi.Output<RegistryAccess>;
  /** Manifests with which the cluster is installed. */
  readonly manifests: pulumi.Output<Manifests>;
  private readonly resources: pulumi.Output<readonly object[]>;

  constructor(
    private readonly baseName: string,
    private readonly args: MirrorArgs,
    private readonly host: InstallerHost,
    /** The wait for the host, and the files that the host has published. */
    private readonly published: { readonly available: pulumi.Resource; readonly files: pulumi.Output<Record<string, string>> },
    private readonly opts: pulumi.CustomResourceOptions,
  ) {
    const { configuration, mirror } = args;
    const policy = sourcePolicy(mirror);
    const limits = { registry: mirrorRegistry(configuration), taggedSources: taggedSources(configuration) };
    this.resources = published.files.apply((given) => clusterResources(given, { policy, ...limits }));
    this.manifests = this.resources.apply((resources) => ({
      ...tagMirrorManifests(mirroredRepositories(configuration), policy),
      ...installationManifests(resources),
    }));
    const { caCertificate, pullPassword } = host.registry;
    this.access = pulumi
      .all([caCertificate, pulumi.secret(pullPassword)])
      .apply(([ca, secret]) => ({ caCertificate: ca, pullPassword: secret }));
  }

  /**
   * The release image for a step on the installer host. On the host, the registry's name resolves to the registry that accepts pushes. So the
   * step pulls the image with that registry's account.
   */
  image(): MirroredImage {
    const { configuration } = this.args;
    const registry = mirrorRegistry(configuration);
    const { password, caCertificate } = this.host.registry;
    const [, digest = ""] = releaseImageOf(configuration).split("@");
    return {
      image: `${registry}/openshift/release-images@${digest}`,
      pullSecret: pulumi
        .secret(password)
        .apply((secret) => withRegistry('{"auths":{}}', registry, { user: registryUsers.push, password: secret })),
      caCertificate,
      available: this.published.available,
    };
  }

  /**
   * Applies oc-mirror's resources once the cluster is installed, and again when they change. The UpdateService is applied last, because the
   * other resources install the operator that brings its CRD.
   *
   * @returns a resource that exists when the cluster has the resources without the UpdateService
   */
  applyToCluster(args: CompletionArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const { configuration, mirror } = this.args;
    const registry = mirrorRegistry(configuration);
    const items = pulumi
      .all([this.resources, this.host.registry.caCertificate])
      .apply(([resources, caCertificate]) => mirrorObjects({ mode: mirror.mode, configuration, registry, caCertificate, resources }));
    const given = this.apply("resources", items, args, pulumi.mergeOptions(this.opts, opts));
    if (!configuration.updateService) return given;
    const services = this.resources.apply((resources) => resources.filter(isUpdateService));
    this.apply(
      "update-service",
      services,
      { ...args, awaited: { path: updateServiceApi, seconds: operatorTimeoutSeconds, failure: operatorMissing } },
      { ...this.opts, dependsOn: given },
    );
    return given;
  }

  /** A step that applies objects to the cluster, once the cluster serves the awaited API. */
  private apply(
    name: string,
    items: pulumi.Output<readonly object[]>,
    { executor, kubeconfig, awaited }: CompletionArgs & { readonly awaited?: AwaitedApi },
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource {
    const objects = items.apply((list) => JSON.stringify({ apiVersion: "v1", kind: "List", items: list }));
    const { resource } = executor.run(
      `${this.baseName}-${name}`,
      {
        script: `${commonScript}\n${readScript("apply")}`,
        input: pulumi.all([kubeconfig, objects]).apply(([admin, list]) => encodeFiles({ "auth/kubeconfig": admin, "objects.json": list })),
        environment: {
          ...(awaited && { AWAITED: awaited.path, AWAIT_SECONDS: String(awaited.seconds), AWAIT_FAILURE: awaited.failure }),
        },
        triggers: [objects],
        frozen: false,
        timeoutSeconds: completionTimeoutSeconds + (awaited?.seconds ?? 0),
      },
      opts,
    );
    return resource;
  }
}

/** An API that must be served before objects can be applied. */
interface AwaitedApi {
  readonly path: string;
  readonly seconds: number;
  /** Error message if the API is not served in time. */
  readonly failure: string;
}

/** Where the steps run, and the credentials with which they apply objects. */
interface CompletionArgs {
  readonly executor: Executor;
  readonly kubeconfig: pulumi.Input<string>;
}
