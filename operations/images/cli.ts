import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { containerImagesFile } from "../../config/container-images";
import { runMain } from "../run-main";
import { resolveDigest } from "./resolve";
import { resolveTable, type Table } from "./table";

const usage = `Asks registries for the digests of the container images that this project runs, and records those that are unresolved.

  make images

or npx tsx operations/images/cli.ts
  --check          records nothing
  --table <file>   another table than config/images.json

A recorded digest is never replaced. Afterwards take what is resolved out of the list in docs/security.md: a test compares them. A changed digest changes what
machines are set up with: the installer host is replaced by the next update, and with etcdBackupSchedule the masters reboot.
Exit code 0: done; 1: a tag has moved, or a registry did not answer; 2: wrong arguments.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      table: { type: "string", default: containerImagesFile },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const table = JSON.parse(readFileSync(values.table, "utf8")) as Table;
  const outcome = await resolveTable(table, (image) => resolveDigest(image), new Date().toISOString().slice(0, 10));
  process.stdout.write(`${outcome.lines.join("\n")}\n`);
  if (!values.check) writeFileSync(values.table, `${JSON.stringify(outcome.table, undefined, 2)}\n`);
  return outcome.failed ? 1 : 0;
}

runMain(main);
