import { text } from "node:stream/consumers";
import { runOwnProgram } from "../own-program";
import { UpdateApi } from "./cluster-api";
import { readInput } from "./input";
import { parseRemembered, remembered } from "./remembered";
import type { ReleaseRequest } from "./request";
import { updateRelease } from "./update";

/**
 * Brings a running cluster to another release, and remembers which the configuration named last: the kubeconfig comes on standard input, with the
 * secrets of components whose roles were made; what an earlier run printed in PULUMI_COMMAND_STDOUT. The first run is the installation's and only remembers; so does one for which the release is the
 * same, since the cluster may have been updated by others meanwhile.
 */
runOwnProgram(async (given) => {
  const release = given as ReleaseRequest;
  const printed = process.env.PULUMI_COMMAND_STDOUT;
  const before = printed === undefined ? undefined : parseRemembered(printed, release);
  if (before !== undefined && JSON.stringify(before) !== remembered(release)) {
    const { kubeconfig, secrets } = readInput(await text(process.stdin));
    await updateRelease(new UpdateApi(kubeconfig), { ...release, ...(secrets && { secrets }) }, before, {
      say: (line) => process.stderr.write(`${line}\n`),
    });
  }
  process.stdout.write(remembered(release));
});
