import { NODE_TOOLS } from "./node-tools";
import type { OPTIONAL_TOOL_NAMES, Tool } from "./tool";
import { VERSIONS as V } from "./versions";
import { debianPackages } from "./ways/debian";
import { installedProgram } from "./ways/installed";

/** Programs that run an application's containers in a simulated cluster, or take the place of these containers. */
export const APPLICATION_TOOLS: Readonly<Record<Exclude<(typeof OPTIONAL_TOOL_NAMES)[number], "kubelet">, Tool>> = {
  ...NODE_TOOLS,
  // PHP from Debian's packages gets its extensions from arguments, because unpacked packages have no configuration.
  php: {
    version: V.php,
    file: "php",
    ways: [
      installedProgram({ check: { arguments: ["-m"], answer: /^pdo_pgsql$/m } }),
      debianPackages([`php${V.php}-cli`, `php${V.php}-common`, `php${V.php}-pgsql`], {
        script: `exec "$here/usr/bin/php${V.php}" -n -d extension_dir="$(dirname "$here"/usr/lib/php/*/pdo.so)" -d extension=pdo.so -d extension=pdo_pgsql.so "$@"`,
      }),
    ],
  },
  postgres: {
    version: V.postgresql,
    file: "postgres",
    ways: [
      installedProgram({ directories: ["/usr/lib/postgresql/*/bin"], check: { arguments: ["--version"], answer: /PostgreSQL\) \d+/ } }),
      debianPackages([`postgresql-${V.postgresql}`], { program: `usr/lib/postgresql/${V.postgresql}/bin/postgres` }),
    ],
  },
};
