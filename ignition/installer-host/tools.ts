import type { Configuration } from "../../config/configuration";
import { ocMirrorFor } from "../../config/releases/facts";
import { isNamedByDate, minorOf, parseVersion } from "../../config/releases/version";
import { inArchive } from "./images";

/** Programs of the release that run on the host, and where the vendor has them. */
interface Tool {
  /** Directory with the archive and `sha256sum.txt`. */
  readonly url: string;
  /** File beside `sha256sum.txt` that signs it, where the vendor has one. */
  readonly signature?: string;
  readonly program: string;
  /** Names that the archive may have; the first that `sha256sum.txt` lists counts. */
  readonly archives: readonly string[];
}

/** Red Hat's mirror of an OpenShift version's clients (layout: mirror.openshift.com/pub/openshift-v4). */
function openshiftClients(architecture: Configuration["architecture"], version: string, directory = "ocp"): string {
  return `https://mirror.openshift.com/pub/openshift-v4/${{ amd64: "x86_64", arm64: "aarch64" }[architecture]}/clients/${directory}/${version}`;
}

function isPreview(release: string): boolean {
  return ["ec", "nightly"].includes(parseVersion(release)?.stage ?? "");
}

/** OpenShift's early previews and nightly builds are in a directory of their own (docs.distributed-ci.io, "A note on OCP Versions and Artifacts"). */
function openshiftRelease({ release, architecture }: Pick<Configuration, "release" | "architecture">): string {
  return openshiftClients(architecture, release, isPreview(release) ? "ocp-dev-preview" : "ocp");
}

/** OKD's releases are on GitHub; the oldest, which are named by their date, in the repository okd-scos. */
function okdRelease({ release }: Pick<Configuration, "release">): string {
  return `https://github.com/okd-project/${isNamedByDate(release) ? "okd-scos" : "okd"}/releases/download/${release}`;
}

/**
 * The tools of a release. OpenShift's are on Red Hat's mirror, OKD's on GitHub. oc-mirror is always OpenShift's: OKD builds none, and the first versions lack flags
 * that the mirror needs, so that config/releases/table.ts names the version for each release. An air-gapped host has all tools from the `tools` of its archive.
 */
export function releaseTools(configuration: Pick<Configuration, "distribution" | "release" | "architecture" | "mirror">): readonly Tool[] {
  const { distribution, release, architecture, mirror } = configuration;
  const archive = mirror?.mode === "air-gapped" ? inArchive(mirror.archive, "tools") : undefined;
  const url = archive ?? (distribution === "openshift" ? openshiftRelease(configuration) : okdRelease(configuration));
  // Red Hat signs the checksums of its mirror's releases, with the key that RHEL CoreOS has (redhat.com, "Securing the deployment of OpenShift Container
  // Platform 4"); of previews that is unverified. The releases of OKD, and what somebody has put together in an archive, have no signature.
  const signed = archive === undefined ? { signature: "sha256sum.txt.gpg" } : {};
  const ofRelease = distribution === "openshift" && !isPreview(release) ? signed : {};
  // An archive without an architecture in its name is the directory's own: on GitHub, amd64.
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

/** The tools as the host's script reads them, one a line. */
export function toolList(tools: readonly Tool[]): string {
  return tools.map(({ url, signature = "-", program, archives }) => `${[url, signature, program, ...archives].join(" ")}\n`).join("");
}
