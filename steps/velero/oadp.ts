import { VELERO } from "../../cluster-objects/velero/names";
import type { Clock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { type Rollout, rolloutProblem } from "../../lib/kubernetes/rollout";
import { type Look, waitFor } from "../../lib/wait-for";
import { PAUSE_MS, type VeleroName } from "./api";

export interface OadpContext {
  readonly client: Pick<ClusterClient, "get">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Minutes until the server must run: the nodes pull three or four images. This project's choice. */
const OADP_MINUTES = 15;

interface DataProtectionApplication {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

/**
 * Waits until OADP has created Velero's server for a DataProtectionApplication, and the server runs. The operator reports its refusals in the
 * condition Reconciled (openshift/oadp-operator, `internal/controller/dataprotectionapplication_controller.go`, oadp-1.5). Some refusals end by
 * themselves, for example when a Secret appears.
 *
 * @throws Error with OADP's reason if the server does not run in time
 */
export async function waitForOadp({ name, namespace }: VeleroName, { client, say, clock }: OadpContext): Promise<void> {
  const application = `/apis/oadp.openshift.io/v1alpha1/namespaces/${namespace}/dataprotectionapplications/${name}`;
  const server = `/apis/apps/v1/namespaces/${namespace}/deployments/${VELERO}`;
  await waitFor({
    of: "OADP",
    minutes: OADP_MINUTES,
    pauseMs: PAUSE_MS,
    say,
    clock,
    look: async () => stateOf(await client.get(application), await client.get(server)),
    failure: (state) =>
      new Error(
        `Velero does not run after ${OADP_MINUTES} minutes. ${state}. ` +
          `See oc get dataprotectionapplication -n ${namespace} ${name} -o yaml and oc get pods -n ${namespace}; then run pulumi up again`,
      ),
  });
}

function stateOf(application: DataProtectionApplication | undefined, server: Rollout | undefined): Look<undefined> {
  const reconciled = application?.status?.conditions?.find(({ type }) => type === "Reconciled");
  if (reconciled === undefined) return { state: "OADP has not looked at the DataProtectionApplication yet" };
  if (reconciled.status !== "True") return { state: `OADP refuses the DataProtectionApplication: ${reconciled.message ?? "no reason"}` };
  if (rolloutProblem(server) === undefined) return { done: undefined };
  return { state: "OADP has made Velero's Deployment, whose pod is not available yet" };
}
