import { FCOS_REGIONS, RHCOS_REGIONS, SCOS_REGIONS } from "./regions";
import { assumedFact, sourcedFact, type SourcedFact } from "./source";

/** The boot images of a release, as `openshift-install coreos print-stream-json` prints them. */
export interface BootImages {
  /** The stream's file in openshift/installer, below `data/data/coreos/`. */
  readonly file: string;
  /** Regions in which an image is published. The program copies an image to every other region of the same partition. */
  readonly regions: readonly string[];
  /** Regions for which no source says whether an image is published. The program copies an image there, which works in both cases. */
  readonly unknown?: readonly string[];
}

const DOCUMENTED = "modules/installation-aws-user-infra-rhcos-ami.adoc";
/** Regions that AWS opened, or in which Red Hat started to publish, while 4.14 to 4.18 were maintained. */
const recentRegions = ["ap-southeast-5", "ap-southeast-7", "ca-west-1", "il-central-1", "mx-central-1"];

function stream(file: string, images: Omit<BootImages, "file">, branch: string): SourcedFact<BootImages> {
  return sourcedFact({ file, ...images }, "openshift/installer", `data/data/coreos/${file}`, branch);
}

function without(regions: readonly string[], unknown: readonly string[]): Omit<BootImages, "file"> {
  return { regions: regions.filter((region) => !unknown.includes(region)), unknown };
}

/** OpenShift's boot images, by the first minor release with these images. */
export const OPENSHIFT_IMAGES = {
  "4.14": assumedFact(
    stream("rhcos.json", without(RHCOS_REGIONS["4.19"], recentRegions), "v1.4.19-ec5"),
    "The stream file of this release could not be read. The program assumes the regions of 4.19, without the regions that were added recently.",
  ),
  "4.19": stream("rhcos.json", { regions: RHCOS_REGIONS["4.19"] }, "v1.4.19-ec5"),
  "4.20": sourcedFact(
    { file: "rhcos.json", regions: RHCOS_REGIONS["4.20"] },
    "openshift/openshift-docs",
    DOCUMENTED,
    "pull requests 99950 and 99977",
  ),
  "4.21": sourcedFact(
    {
      file: "rhcos.json",
      ...without(RHCOS_REGIONS["4.20"], ["me-central-1", "me-south-1"]),
      unknown: ["ap-southeast-6", "me-central-1", "me-south-1"],
    },
    "openshift/openshift-docs",
    DOCUMENTED,
    "commit 049d603",
  ),
  "4.22": stream("coreos-rhel-9.json", { regions: RHCOS_REGIONS["4.22"] }, "commit c0f7ffc, build 9.8.20260428"),
} as const;

/**
 * OKD's boot images. Up to 4.18 the installer names Fedora CoreOS (`pkg/rhcos/stream_fcos.go`, commit 1c7fa0e; okd-project/okd, issue
 * 2077).
 */
export const OKD_IMAGES = {
  "4.16": assumedFact(
    stream("fcos.json", { regions: FCOS_REGIONS }, "v1.4.19-ec5"),
    "Fedora CoreOS 39 of November 2023 is the boot image: whether Fedora still publishes it could not be verified.",
  ),
  "4.19": stream("scos.json", { regions: SCOS_REGIONS }, "v1.4.19-ec5"),
  "4.20": stream("scos.json", { regions: SCOS_REGIONS }, "commit 2160644, build 10.0.20250628"),
  "4.21": stream("scos.json", { regions: SCOS_REGIONS }, "commit 87f432f, build 10.0.20251103"),
} as const;
