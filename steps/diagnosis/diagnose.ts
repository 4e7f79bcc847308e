import { checkApi } from "./checks/api";
import { checkApprover } from "./checks/approver";
import { checkCertificates } from "./checks/certificates";
import { checkDns } from "./checks/dns";
import { checkIgnition } from "./checks/ignition";
import { checkLoadBalancers } from "./checks/load-balancers";
import { checkOperators } from "./checks/operators";
import { checkRegistry } from "./checks/registry";
import { checkRoutes } from "./checks/routes";
import { checkSecurityGroups } from "./checks/security-groups";
import { type Finding, inOrder } from "./finding";
import { readEverything } from "./read/everything";
import type { Evidence } from "./evidence";
import type { DiagnosisTarget } from "./target";

export interface DiagnoseOptions {
  /** Time for the checks of certificates and pending CSRs; default: now. */
  readonly at?: Date;
}

/** A diagnosis: the evidence that was read, and the findings. */
export interface Investigation {
  readonly evidence: Evidence;
  readonly findings: readonly Finding[];
}

/**
 * Finds out why an installation does not finish. Returns all problems ordered by layer, the lowest first, so that the first one is the likely cause; failed
 * reads come last. Ends within a minute and changes nothing. Throws only if a setting of the environment is wrong (AWS_CA_BUNDLE).
 */
export async function diagnose(target: DiagnosisTarget, options: DiagnoseOptions = {}): Promise<readonly Finding[]> {
  return (await investigate(target, options)).findings;
}

/** Like {@link diagnose}, but also returns the evidence, for `gather`. */
export async function investigate(target: DiagnosisTarget, { at = new Date() }: DiagnoseOptions = {}): Promise<Investigation> {
  const evidence = await readEverything(target, at);
  return { evidence, findings: [...runChecks(target, evidence), ...inOrder(evidence.unanswered)] };
}

/** Runs all checks on the evidence. */
export function runChecks(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  return inOrder([
    ...checkDns(target, evidence),
    ...checkLoadBalancers(target, evidence),
    ...checkSecurityGroups(target, evidence),
    ...checkRoutes(target, evidence),
    ...checkIgnition(target, evidence),
    ...checkRegistry(target, evidence),
    ...checkCertificates(target, evidence),
    ...checkApprover(target, evidence),
    ...checkApi(target, evidence),
    ...checkOperators(evidence),
  ]);
}
