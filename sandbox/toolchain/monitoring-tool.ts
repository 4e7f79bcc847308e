import { sameMinor } from "./accepted-versions";
import type { Platform, Tool } from "./tool";
import { debianPackage } from "./ways/debian";
import { goBuild } from "./ways/go";
import { inSameDirectory, release } from "./ways/release";

interface MonitoringTool {
  readonly project: string;
  /** Debian's package; undefined if its program runs only where the package is installed. */
  readonly debian?: string;
  readonly minutes: number;
}

/**
 * The tools of the projects on github.com/prometheus. Each project's module is in the directory of the same name below `go/`. Debian's
 * Alertmanager can't be used without an installation, because it reads its templates from /usr/share.
 */
const TOOLS: Readonly<Record<"promtool" | "amtool" | "alertmanager", MonitoringTool>> = {
  promtool: { project: "prometheus", debian: "prometheus", minutes: 3 },
  amtool: { project: "alertmanager", debian: "prometheus-alertmanager", minutes: 1 },
  alertmanager: { project: "alertmanager", minutes: 2 },
};

/** A tool from its project's release, from Debian's package, or from a build, which takes longest. */
export function monitoringTool(file: keyof typeof TOOLS, version: string): Tool {
  const { project, debian, minutes } = TOOLS[file];
  const archive = ({ os, arch }: Platform): string => `${project}-${version}.${os}-${arch}`;
  const values = { "github.com/prometheus/common/version.Version": version };
  const program = { output: file, package: `github.com/prometheus/${project}/cmd/${file}`, values };
  return {
    version,
    file,
    onPath: { arguments: ["--version"], ...sameMinor(version) },
    ways: [
      release(`${project}'s release`, {
        vendor: "github",
        path: (platform) => `/prometheus/${project}/releases/download/v${version}/${archive(platform)}.tar.gz`,
        sums: (path) => inSameDirectory(path, "sha256sums.txt"),
        member: (platform) => `${archive(platform)}/${file}`,
      }),
      ...(debian === undefined ? [] : [debianPackage(debian, `usr/bin/${file}`)]),
      goBuild({ module: project, minutes, programs: [program] }),
    ],
  };
}
