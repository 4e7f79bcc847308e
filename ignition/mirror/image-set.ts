import type { Configuration, PlatformConfiguration } from "../../config/configuration";
import { imageReference } from "../../config/container-images";
import { toYaml } from "../../lib/yaml";
import { releaseImageOf } from "./release";
import { updateServiceImages } from "./update-service";

/** The settings that determine an image set. */
export type ImageSetOptions = Pick<Configuration, "distribution" | "release" | "releaseImage" | "architecture" | "updateService"> & {
  readonly platform: Pick<PlatformConfiguration, "etcdBackup" | "velero" | "exampleApplication" | "grafana">;
};

/**
 * The image set for oc-mirror (openshift/oc-mirror, `internal/pkg/api/v2alpha1/type_config.go`): the release image that
 * is installed, and the images that it names. The release image is named by pull specification, not by channel and
 * version, because the update service knows few OKD releases, and an air-gapped host reaches no update service. If the
 * cluster gets an update service, the image set also contains the graph data and the operator of that service.
 */
export function renderImageSet(configuration: ImageSetOptions): string {
  const additional = additionalImages(configuration);
  return toYaml({
    apiVersion: "mirror.openshift.io/v2alpha1",
    kind: "ImageSetConfiguration",
    mirror: {
      platform: {
        architectures: [configuration.architecture],
        release: releaseImageOf(configuration),
        graph: configuration.updateService,
      },
      ...(additional.length > 0 && { additionalImages: additional.map((name) => ({ name })) }),
      ...(configuration.updateService && { operators: updateServiceImages(configuration) }),
    },
  });
}

/** Pull specifications of the images that the cluster runs in addition to the release's. */
export function additionalImages({
  platform: { etcdBackup, velero, exampleApplication, grafana },
}: Pick<ImageSetOptions, "platform">): readonly string[] {
  return [
    // Control plane nodes run the AWS command line to store etcd backups.
    ...(etcdBackup ? [imageReference("aws-cli")] : []),
    // OADP's images belong to the operator's catalog.
    ...(velero && velero.oadp === undefined ? [imageReference("velero"), imageReference("velero-plugin-for-aws")] : []),
    ...(exampleApplication ? [imageReference("example-web"), imageReference("example-database")] : []),
    ...(grafana ? [grafana.image] : []),
  ];
}
