import { text } from "node:stream/consumers";
import { runOwnProgram } from "../own-program";
import { readClusterVersion, setDesiredUpdate } from "./cluster-version";
import { parseRemembered, remembered } from "./remembered";
import { desiredUpdate, type ReleaseRequest } from "./request";

/**
 * Brings a running cluster to another release, and remembers which the configuration named last: the kubeconfig comes on standard input, what an
 * earlier run printed in PULUMI_COMMAND_STDOUT. The first run is the installation's and only remembers; so does one for which the release is the
 * same, since the cluster may have been updated by others meanwhile.
 */
runOwnProgram(async (given) => {
  const release = given as ReleaseRequest;
  const printed = process.env.PULUMI_COMMAND_STDOUT;
  const before = printed === undefined ? undefined : parseRemembered(printed, release);
  if (before !== undefined && JSON.stringify(before) !== remembered(release)) {
    const kubeconfig = await text(process.stdin);
    const desired = desiredUpdate(release, before, await readClusterVersion(kubeconfig));
    if (desired !== undefined) await setDesiredUpdate(kubeconfig, desired);
  }
  process.stdout.write(remembered(release));
});
