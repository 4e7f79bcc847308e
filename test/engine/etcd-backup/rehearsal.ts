import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";

/**
 * Returns the commands with which docs/etcd-backup.md restores a snapshot, as a script. The script needs the variables `BUCKET` and `SLOT`,
 * and writes the data into `restored`. Its PATH begins with the toolchain's etcdutl and a stand-in for AWS's command line.
 *
 * @param bin directory for the stand-in
 */
export function rehearsal(bin: string, tools: { readonly moto: string; readonly etcdutl: string }): string {
  const [, lines] =
    /<!-- rehearsed -->\s*```sh\n([^]*?)```/.exec(readFileSync(join(projectDirectory, "docs", "etcd-backup.md"), "utf8")) ?? [];
  const standIn = join(projectDirectory, "sandbox", "aws-cli-stand-in", "aws.py");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "aws"), `#!/bin/bash\nexec '${tools.moto}' '${standIn}' "$@"\n`, { mode: 0o700 });
  return `set -euo pipefail\nexport PATH="${bin}:${dirname(tools.etcdutl)}:$PATH"\n${lines}`;
}
