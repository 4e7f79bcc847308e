import type { Configuration } from "../../config/configuration";
import type { PlatformConfiguration } from "../../config/platform/platform";
import { imageReference } from "../../config/container-images";
import { toYaml } from "../../config/yaml";
import { releaseImageOf } from "./release";
import { updateServiceImages } from "./update-service";

/** What decides about an image set. */
export type ImageSetOptions = Pick<Configuration, "distribution" | "release" | "releaseImage" | "architecture" | "updateService"> & {
  readonly platform: Pick<PlatformConfiguration, "etcdBackup">;
};

/**
 * What oc-mirror is to mirror (openshift/oc-mirror, `internal/pkg/api/v2alpha1/type_config.go`): the very release image that is installed, and what it
 * names. By its pull specification and not by channel and version: the update service knows few of OKD's releases, and none answers an air-gapped host.
 * For an update service in the cluster also its data, and its operator.
 */
export function renderImageSet(configuration: ImageSetOptions): string {
  return toYaml({
    apiVersion: "mirror.openshift.io/v2alpha1",
    kind: "ImageSetConfiguration",
    mirror: {
      platform: {
        architectures: [configuration.architecture],
        release: releaseImageOf(configuration),
        graph: configuration.updateService,
      },
      // What masters run to store backups.
      ...(configuration.platform.etcdBackup && { additionalImages: [{ name: imageReference("aws-cli") }] }),
      ...(configuration.updateService && { operators: updateServiceImages(configuration) }),
    },
  });
}
