import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { containerImagesFile } from "../../config/container-images";
import { runMain } from "../../lib/run-main";
import { resolveDigest } from "./resolve";
import { resolveTable, type Table } from "./table";

const usage = `Resolves the digests of the container images that this project runs, and records the ones that are missing.

  make images

or npx tsx tools/images/cli.ts
  --check          record nothing
  --table <file>   use another table than config/images.json

A recorded digest is never replaced. Afterwards remove the resolved images from the list in docs/security.md: a test compares them.
A changed digest changes the setup of instances: the next update replaces the installer host and, with etcdBackupSchedule, reboots
the control plane nodes.
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
