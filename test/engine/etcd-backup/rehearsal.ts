import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectDirectory } from "../../../sandbox/sandbox";

/**
 * What docs/etcd-backup.md says of a snapshot that is restored, as a script: its own lines, which want `BUCKET` and `SLOT`, after a PATH with the
 * toolchain's etcdutl and what stands in for AWS's command line. It leaves the data in `restored`.
 *
 * @param bin directory for that
 */
export function rehearsal(bin: string, tools: { readonly moto: string; readonly etcdutl: string }): string {
  const [, lines] =
    /<!-- rehearsed -->\s*```sh\n([^]*?)```/.exec(readFileSync(join(projectDirectory, "docs", "etcd-backup.md"), "utf8")) ?? [];
  const standIn = join(projectDirectory, "sandbox", "aws-cli-stand-in", "aws.py");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "aws"), `#!/bin/bash\nexec '${tools.moto}' '${standIn}' "$@"\n`, { mode: 0o700 });
  return `set -euo pipefail\nexport PATH="${bin}:${dirname(tools.etcdutl)}:$PATH"\n${lines}`;
}
