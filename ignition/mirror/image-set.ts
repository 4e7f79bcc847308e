import { dump } from "js-yaml";
import type { Configuration } from "../../config/configuration";
import type { PlatformConfiguration } from "../../config/platform/platform";
import { awsCliImage } from "../installer-host/images";
import { releaseImageOf } from "./release";

/** What decides about an image set. */
export type ImageSetOptions = Pick<Configuration, "distribution" | "release" | "releaseImage" | "architecture"> & {
  readonly platform: Pick<PlatformConfiguration, "etcdBackup">;
};

/**
 * What oc-mirror is to mirror (openshift/oc-mirror, `internal/pkg/api/v2alpha1/type_config.go`): the very release image that is installed, and what it
 * names. By its pull specification and not by channel and version: the update service knows few of OKD's releases, and none answers an air-gapped host.
 */
export function renderImageSet(configuration: ImageSetOptions): string {
  return dump({
    apiVersion: "mirror.openshift.io/v2alpha1",
    kind: "ImageSetConfiguration",
    mirror: {
      platform: {
        architectures: [configuration.architecture],
        release: releaseImageOf(configuration),
        // The graph is for an update service in the cluster, which there is none.
        graph: false,
      },
      // What masters run to store backups.
      ...(configuration.platform.etcdBackup && { additionalImages: [{ name: awsCliImage }] }),
    },
  });
}
