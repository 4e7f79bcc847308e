import { oldestMachineSeconds } from "../../certificate-approver/configuration";
import { decideOnRequest, type DecisionParameters } from "../../certificate-approver/decision";
import { clusterInstanceOf } from "../../certificate-approver/inventory";
import { signers } from "../../certificate-approver/request";
import type { InstanceEvidence, NetworkEvidence, RefusedRequest } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { CertificateSigningRequest, ClusterEvidence } from "./cluster";

/** Maximum number of CSRs that are checked; further CSRs are left out. */
const MAX_REQUESTS = 200;

/**
 * The pending CSRs that the certificate approver refuses, each with the reason. The reason is computed with the approver's own rules: its log is on the
 * installer host, which not everybody can reach, and the approver may not be running at all.
 */
export async function refusedRequests(
  { infraId, hasApprover }: DiagnosisTarget,
  { requests = [], nodes = [] }: ClusterEvidence,
  machines: readonly InstanceEvidence[] | undefined,
  network: NetworkEvidence | undefined,
  at: Date,
): Promise<RefusedRequest[]> {
  // Without the instances and their domains no CSR could be matched to an instance.
  if (!hasApprover || machines === undefined || network?.domains === undefined) return [];
  const { vpcId, domains } = network;
  const parameters: DecisionParameters = { infraId, vpcId, oldestMachineSeconds, notNodes: [`${infraId}-bootstrap`] };
  const inventory = machines.map(({ instance }) => clusterInstanceOf(instance, domains));
  const names = new Set(nodes.map(({ metadata }) => metadata?.name ?? ""));
  const waiting = requests.filter((request) => !isDecided(request) && Object.hasOwn(signers, request.spec?.signerName ?? ""));
  const judged = await Promise.all(
    waiting.slice(0, MAX_REQUESTS).map(async ({ metadata, spec }): Promise<RefusedRequest[]> => {
      const { signerName = "", username = "", groups = [], usages = [], request = "" } = spec ?? {};
      const name = metadata?.name ?? "";
      const asked = { name, uid: "", resourceVersion: "", signerName, username, groups, usages, request, decided: false };
      const decision = await decideOnRequest(asked, inventory, names, at, parameters);
      // kube-controller-manager approves client renewals.
      if (decision.approved || decision.reason === "ClientRenewal") return [];
      return [{ name, created: Date.parse(metadata?.creationTimestamp ?? ""), reason: decision.reason, message: decision.message }];
    }),
  );
  return judged.flat();
}

/** Whether a CSR has been approved or denied. */
export function isDecided({ status }: CertificateSigningRequest): boolean {
  return status?.conditions?.some(({ type }) => type === "Approved" || type === "Denied") ?? false;
}
