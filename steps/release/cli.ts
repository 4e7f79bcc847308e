import { runForCluster } from "../run-for-cluster";
import { UpdateApi } from "./cluster-api";
import { parseStoredRelease, storedReleaseText } from "./stored-release";
import type { ReleaseRequest, RoleSecret } from "./request";
import { updateRelease } from "./update";

/**
 * Updates a running cluster to another release, and prints the configured release for the next run. Standard input has the kubeconfig and the secrets of
 * components whose roles were created; PULUMI_COMMAND_STDOUT has the output of the previous run. The first run belongs to the installation and updates
 * nothing. A run with an unchanged release updates nothing either, since others may have updated the cluster meanwhile.
 */
runForCluster<{ readonly secrets?: readonly RoleSecret[] }>(async (given, { kubeconfig, secrets }) => {
  const release = given as ReleaseRequest;
  const printed = process.env.PULUMI_COMMAND_STDOUT;
  const before = printed === undefined ? undefined : parseStoredRelease(printed, release);
  if (before !== undefined && JSON.stringify(before) !== storedReleaseText(release)) {
    await updateRelease(new UpdateApi(kubeconfig), { ...release, ...(secrets && { secrets }) }, before, {
      say: (line) => process.stderr.write(`${line}\n`),
    });
  }
  process.stdout.write(storedReleaseText(release));
});
