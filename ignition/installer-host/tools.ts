import type { Configuration } from "../../config/configuration";
import { inArchive } from "./images";

/** Programs of the release that run on the host, and where the vendor has them. */
interface Tool {
  /** Directory with the archive and `sha256sum.txt`. */
  readonly url: string;
  readonly program: string;
  /** Names that the archive may have; the first that `sha256sum.txt` lists counts. */
  readonly archives: readonly string[];
}

/** The first minor version of 4 whose oc-mirror can leave out the release's signature, as OKD's releases need it (openshift/oc-mirror, OCPBUGS-56009). */
const leastOcMirror = 19;

/** Minor version of the oc-mirror that serves a release of OKD: `4.19`. */
function ocMirrorFor(release: string): string {
  const [major, minor] = release.split(".");
  return `${major}.${Math.max(Number(minor), leastOcMirror)}`;
}

/**
 * The tools of a release. OpenShift's are on Red Hat's mirror, OKD's on GitHub. OKD builds no oc-mirror: OpenShift's of the same minor version serves,
 * or a younger one (layouts: mirror.openshift.com/pub/openshift-v4, github.com/okd-project/okd/releases). An air-gapped host has all of them from the
 * `tools` of its archive.
 */
export function releaseTools({
  distribution,
  release,
  architecture,
  mirror,
}: Pick<Configuration, "distribution" | "release" | "architecture" | "mirror">): readonly Tool[] {
  const archive = mirror?.mode === "air-gapped" ? inArchive(mirror.archive, "tools") : undefined;
  const openshift = (version: string) =>
    archive ??
    `https://mirror.openshift.com/pub/openshift-v4/${{ amd64: "x86_64", arm64: "aarch64" }[architecture]}/clients/ocp/${version}`;
  const url =
    distribution === "openshift" ? openshift(release) : (archive ?? `https://github.com/okd-project/okd/releases/download/${release}`);
  // An archive without an architecture in its name is the directory's own: on GitHub, amd64.
  const plain = (name: string) => (distribution === "okd" && architecture === "arm64" ? [] : [`${name}-linux-${release}.tar.gz`]);
  const archives = (name: string) => [`${name}-linux-${architecture}-${release}.tar.gz`, ...plain(name)];
  return [
    { url, program: "oc", archives: [`openshift-client-linux-${architecture}-rhel9-${release}.tar.gz`, ...archives("openshift-client")] },
    { url, program: "openshift-install", archives: archives("openshift-install") },
    {
      url: distribution === "openshift" ? url : openshift(`stable-${ocMirrorFor(release)}`),
      program: "oc-mirror",
      archives: ["oc-mirror.rhel9.tar.gz", "oc-mirror.tar.gz"],
    },
  ];
}

/** The tools as the host's script reads them, one a line. */
export function toolList(tools: readonly Tool[]): string {
  return tools.map(({ url, program, archives }) => `${[url, program, ...archives].join(" ")}\n`).join("");
}
