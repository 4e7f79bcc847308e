import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettingsConfiguration as Settings } from "../../config/cluster-settings/settings";
import type { ServingCertificateConfiguration } from "../../config/serving-certificates/settings";
import type { ApiObject } from "../../cluster-objects/object";
import { apiServerSettings } from "../../cluster-objects/settings/api-server";
import { consoleBanner, consoleLink, consoleLogo, consoleSettings } from "../../cluster-objects/settings/console";
import { imagePruner, imageRegistrySettings } from "../../cluster-objects/settings/image-registry";
import { containerRuntimeConfig, kubeletConfig } from "../../cluster-objects/settings/nodes";
import { schedulerSettings } from "../../cluster-objects/settings/scheduler";
import {
  API_CERTIFICATE_SECRET,
  servingCertificateSecret,
  INGRESS_CERTIFICATE_SECRET,
} from "../../cluster-objects/settings/serving-certificates";
import { ebsDriver, efsDriver, installerStorageClass, storageClass } from "../../cluster-objects/settings/storage-classes";
import { updateSource } from "../../cluster-objects/settings/updates";
import type { ClusterApi } from "./cluster-api";

export interface ClusterSettingsArgs {
  readonly api: ClusterApi;
  readonly settings: Settings;
  /** ID of the cluster's EFS file system, for storage classes that name no file system; undefined without shared storage. */
  readonly sharedFileSystemId?: pulumi.Output<string> | undefined;
}

/** A Secret with a router's certificate. */
export interface RouterCertificate {
  readonly name: string;
  readonly secret: pulumi.Resource;
}

/** Settings of the cluster's own objects. Each object gets one patch with all its fields. */
export class ClusterSettings extends pulumi.ComponentResource {
  /** The default router's certificate. RouterShards applies it, because one patch must set all fields of the default router. */
  readonly ingressCertificate: RouterCertificate | undefined;

  constructor(
    private readonly baseName: string,
    private readonly args: ClusterSettingsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:cluster:ClusterSettings", baseName, {}, opts);
    const { settings } = args;
    const { apiServer, ingressCertificate } = settings;
    const certificate = apiServer.certificate && this.certificate("api-certificate", API_CERTIFICATE_SECRET, apiServer.certificate);
    this.patch("api-server", apiServerSettings(apiServer), certificate);
    const apps = ingressCertificate && this.certificate("ingress-certificate", INGRESS_CERTIFICATE_SECRET, ingressCertificate);
    this.ingressCertificate = apps && { name: INGRESS_CERTIFICATE_SECRET.name, secret: apps };
    this.patch("scheduler", schedulerSettings(settings.scheduler));
    this.patch("update-source", updateSource(settings.updates));
    const registry = imageRegistrySettings(settings.imageRegistry);
    // The patch is retained when its keys are removed from the configuration. Otherwise the registry would get another bucket, without the images.
    if (registry) args.api.patch(`${baseName}-image-registry`, registry, { parent: this, retainOnDelete: true });
    if (settings.imagePrunerSchedule !== undefined) this.patch("image-pruner", imagePruner(settings.imagePrunerSchedule));
    this.console(settings.console);
    this.storage(settings.storage);
    for (const [pool, tuning] of Object.entries(settings.nodes.tuning)) {
      this.object(`kubelet-${pool}`, kubeletConfig(pool, tuning));
      this.object(`container-runtime-${pool}`, containerRuntimeConfig(pool, tuning));
    }
    this.registerOutputs();
  }

  private console(console: Settings["console"]): void {
    const { banner, logo, links } = console;
    this.object("console-banner", banner && consoleBanner(banner));
    const logoFile = logo === undefined ? undefined : this.object("console-logo", consoleLogo(logo));
    this.patch("console", consoleSettings(console), logoFile);
    for (const link of links) this.object(`console-link-${link.name}`, consoleLink(link));
  }

  private storage({ classes, kmsKeyArn }: Settings["storage"]): void {
    if (kmsKeyArn !== undefined) this.patch("ebs-driver", ebsDriver(kmsKeyArn));
    this.object("efs-driver", efsDriver(classes));
    this.patch("installers-class", installerStorageClass(classes));
    const defaults = { kmsKeyArn, fileSystemId: this.args.sharedFileSystemId };
    for (const each of classes) this.object(`storage-class-${each.name}`, storageClass(each, defaults));
  }

  private certificate(
    name: string,
    place: { name: string; namespace: string },
    { chain, key }: ServingCertificateConfiguration,
  ): pulumi.Resource {
    const stringData = { "tls.crt": chain, "tls.key": pulumi.secret(key.reveal()) };
    return this.args.api.object(`${this.baseName}-${name}`, { ...servingCertificateSecret(place), stringData }, { parent: this });
  }

  private object(name: string, object: ApiObject | undefined): pulumi.Resource | undefined {
    return object && this.args.api.object(`${this.baseName}-${name}`, object, { parent: this });
  }

  /** @param after an object to which the patched object refers; Pulumi deletes it only after the patch, that is, after the reference */
  private patch(name: string, object: ApiObject | undefined, after?: pulumi.Resource): void {
    if (object) this.args.api.patch(`${this.baseName}-${name}`, object, { parent: this, ...(after && { dependsOn: after }) });
  }
}
