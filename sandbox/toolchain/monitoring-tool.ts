import { sameMinor } from "./accepted-versions";
import type { Platform, Tool } from "./tool";
import { debianPackage } from "./ways/debian";
import { beside, release } from "./ways/release";

/** A tool of a project on github.com/prometheus: from its release, or from Debian's package. */
export function monitoringTool(file: string, project: string, version: string, debian: string): Tool {
  const archive = ({ os, arch }: Platform): string => `${project}-${version}.${os}-${arch}`;
  return {
    version,
    file,
    onPath: { arguments: ["--version"], ...sameMinor(version) },
    ways: [
      release(`${project}'s release`, {
        vendor: "github",
        path: (platform) => `/prometheus/${project}/releases/download/v${version}/${archive(platform)}.tar.gz`,
        sums: (path) => beside(path, "sha256sums.txt"),
        member: (platform) => `${archive(platform)}/${file}`,
      }),
      debianPackage(debian, `usr/bin/${file}`),
    ],
  };
}
