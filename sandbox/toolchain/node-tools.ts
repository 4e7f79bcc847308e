import type { NODE_TOOL_NAMES, Tool } from "./tool";
import { VERSIONS as V } from "./versions";
import { debianPackages, debianTree } from "./ways/debian";
import { goBuild } from "./ways/go";

/** Packages that Debian's server of PostgreSQL names, although the server runs without them: its compiler of queries, and the installation's scripts. */
const WITHOUT = ["libllvm14", "libz3-4", "perl", "perl-modules-5.36", "libperl5.36", "usrmerge", "locales", "dpkg"] as const;

/** Libraries of dnsmasq that are not on every computer with Debian 12. */
const DNSMASQ_LIBRARIES = [
  "libdbus-1-3=1.14",
  "libidn2-0=2.3",
  "libjansson4=2.14",
  "libmnl0=1.0",
  "libnetfilter-conntrack3=1.0",
  "libnfnetlink0=1.0",
  "libnftables1=1.0",
  "libnftnl11=1.2",
] as const;

/** The shell and the commands of the images' start scripts. */
const SHELL = ["dash=0.5", "coreutils=9.1"] as const;

/** The programs of a real node apart from the kubelet, and the root file systems of the images that it runs. */
export const NODE_TOOLS: Readonly<Record<Exclude<(typeof NODE_TOOL_NAMES)[number], "kubelet">, Tool>> = {
  // The directory with containerd, its shims, runc and the network plugins.
  containerd: {
    version: V.containerd,
    file: "usr",
    givenIn: "containerd",
    ways: [debianPackages(["containerd", `runc=${V.runc}`, `containernetworking-plugins=${V.cniPlugins}`], undefined)],
  },
  // Answers the names of Services to the pods of the real node.
  dnsmasq: {
    version: V.dnsmasq,
    file: "dnsmasq",
    ways: [
      debianPackages(["dnsmasq-base", ...DNSMASQ_LIBRARIES], {
        script: `LD_LIBRARY_PATH="$(dirname "$here"/usr/lib/*/libnftables.so.1)" exec "$here/usr/sbin/dnsmasq" "$@"`,
      }),
    ],
  },
  // Holds the namespaces of a pod.
  pause: {
    version: V.pause,
    file: "pause",
    ways: [goBuild({ module: "pause", minutes: 1, programs: [{ output: "pause", package: "." }] })],
  },
  "example-web-root": {
    version: V.php,
    file: "example-web-root",
    ways: [debianTree([`php${V.php}-cli=${V.php}`, `php${V.php}-pgsql=${V.php}`, ...SHELL], ["php-common", "psmisc", "ucf"])],
  },
  "example-database-root": {
    version: V.postgresql,
    file: "example-database-root",
    ways: [debianTree([`postgresql-${V.postgresql}=${V.postgresql}`, ...SHELL], WITHOUT)],
  },
};
