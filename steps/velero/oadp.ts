import { VELERO } from "../../cluster-objects/velero/names";
import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { TolerantReader } from "../../lib/temporary-error";
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

interface Deployment {
  readonly metadata?: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
    readonly availableReplicas?: number;
  };
}

/**
 * Waits until OADP has made the server out of a DataProtectionApplication, and the server runs. The operator reports its refusals in the
 * condition Reconciled (openshift/oadp-operator, `internal/controller/dataprotectionapplication_controller.go`, oadp-1.5). Some end by
 * themselves, for example when a Secret appears.
 *
 * @throws Error with OADP's reason if that does not happen in time
 */
export async function waitForOadp({ name, namespace }: VeleroName, { client, say, clock = systemClock }: OadpContext): Promise<void> {
  const application = `/apis/oadp.openshift.io/v1alpha1/namespaces/${namespace}/dataprotectionapplications/${name}`;
  const server = `/apis/apps/v1/namespaces/${namespace}/deployments/${VELERO}`;
  const reader = new TolerantReader({ of: "OADP", say, now: clock.now });
  let last = "";
  for (const deadline = clock.now() + OADP_MINUTES * 60_000; ;) {
    const read = await reader.read(async () => stateOf(await client.get(application), await client.get(server)));
    const state = read === undefined ? last : read.answer;
    if (state === READY) return;
    if (state !== last) say(state);
    last = state;
    if (clock.now() > deadline)
      throw new Error(
        `Velero does not run after ${OADP_MINUTES} minutes. ${state}. ` +
          `See oc get dataprotectionapplication -n ${namespace} ${name} -o yaml and oc get pods -n ${namespace}; then run pulumi up again`,
      );
    await clock.pause(PAUSE_MS);
  }
}

const READY = "";

/** The state in words; empty if the server runs. */
function stateOf(application: DataProtectionApplication | undefined, server: Deployment | undefined): string {
  const reconciled = application?.status?.conditions?.find(({ type }) => type === "Reconciled");
  if (reconciled === undefined) return "OADP has not looked at the DataProtectionApplication yet";
  if (reconciled.status !== "True") return `OADP refuses the DataProtectionApplication: ${reconciled.message ?? "no reason"}`;
  return runs(server) ? READY : "OADP has made Velero's Deployment, whose pod is not available yet";
}

/** Whether the pod of the Deployment's newest version runs, and no older one (kubernetes/kubectl, `pkg/polymorphichelpers/rollout_status.go`, release-1.33). */
function runs({ metadata, status }: Deployment = {}): boolean {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  return observedGeneration >= (metadata?.generation ?? 1) && updatedReplicas > 0 && replicas === updatedReplicas && availableReplicas > 0;
}
