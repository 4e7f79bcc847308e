import type { Configuration } from "../../config/configuration";
import { ocMirrorFor } from "../../config/releases/facts";
import { isNamedByDate, minorOf, parseVersion } from "../../config/releases/version";
import { archiveUrl } from "./images";

/** A program of the release that runs on the host, and its download. */
interface Tool {
  /** URL of the directory that contains the archive and `sha256sum.txt`. */
  readonly url: string;
  /** Signature file in the same directory as `sha256sum.txt`, if the vendor signs it. */
  readonly signature?: string;
  readonly program: string;
  /** Possible names of the archive. The first one in `sha256sum.txt` is used. */
  readonly archives: readonly string[];
}

/** Directory of an OpenShift version's clients on Red Hat's mirror (layout: mirror.openshift.com/pub/openshift-v4). */
function openshiftClients(architecture: Configuration["architecture"], version: string, directory = "ocp"): string {
  return `https://mirror.openshift.com/pub/openshift-v4/${{ amd64: "x86_64", arm64: "aarch64" }[architecture]}/clients/${directory}/${version}`;
}

function isPreview(release: string): boolean {
  return ["ec", "nightly"].includes(parseVersion(release)?.stage ?? "");
}

/**
 * OpenShift's engineering candidates and nightly builds have a separate directory (docs.distributed-ci.io, "A note on OCP Versions and Artifacts").
 */
function openshiftRelease({ release, architecture }: Pick<Configuration, "release" | "architecture">): string {
  return openshiftClients(architecture, release, isPreview(release) ? "ocp-dev-preview" : "ocp");
}

/** OKD's releases are on GitHub. The oldest releases, which are named by their date, are in the repository okd-scos. */
function okdRelease({ release }: Pick<Configuration, "release">): string {
  return `https://github.com/okd-project/${isNamedByDate(release) ? "okd-scos" : "okd"}/releases/download/${release}`;
}

/**
 * The tools of a release. OpenShift's are on Red Hat's mirror, OKD's on GitHub. oc-mirror is always OpenShift's, because OKD does not build
 * it. Its first versions lack flags that the mirror needs, so config/releases/table.ts names its version for each release. An air-gapped
 * host gets all tools from `tools` in its archive.
 */
export function releaseTools(configuration: Pick<Configuration, "distribution" | "release" | "architecture" | "mirror">): readonly Tool[] {
  const { distribution, release, architecture, mirror } = configuration;
  const archive = mirror?.mode === "air-gapped" ? archiveUrl(mirror.archive, "tools") : undefined;
  const url = archive ?? (distribution === "openshift" ? openshiftRelease(configuration) : okdRelease(configuration));
  // Red Hat signs the checksums of the releases on its mirror with the key that RHEL CoreOS contains (redhat.com, "Securing the deployment of
  // OpenShift Container Platform 4"). Whether Red Hat also signs previews is unverified. OKD's releases and the contents of an archive have no
  // signature.
  const signed = archive === undefined ? { signature: "sha256sum.txt.gpg" } : {};
  const ofRelease = distribution === "openshift" && !isPreview(release) ? signed : {};
  // A `.tar.gz` without an architecture in its name: on Red Hat's mirror it is for the architecture of its directory. GitHub has no such
  // directories, so there it is for amd64.
  const plain = (name: string) => (distribution === "okd" && architecture === "arm64" ? [] : [`${name}-linux-${release}.tar.gz`]);
  const archives = (name: string) => [`${name}-linux-${architecture}-${release}.tar.gz`, ...plain(name)];
  return [
    {
      url,
      ...ofRelease,
      program: "oc",
      archives: [`openshift-client-linux-${architecture}-rhel9-${release}.tar.gz`, ...archives("openshift-client")],
    },
    { url, ...ofRelease, program: "openshift-install", archives: archives("openshift-install") },
    {
      url: archive ?? openshiftClients(architecture, `stable-${ocMirrorFor(minorOf(release))}`),
      ...signed,
      program: "oc-mirror",
      archives: ["oc-mirror.rhel9.tar.gz", "oc-mirror.tar.gz"],
    },
  ];
}

/** The tools in the format of the host's script, one per line. */
export function toolList(tools: readonly Tool[]): string {
  return tools.map(({ url, signature = "-", program, archives }) => `${[url, signature, program, ...archives].join(" ")}\n`).join("");
}
