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
import type { Reading } from "./evidence";
import type { Subject } from "./target";

export interface DiagnoseOptions {
  /** Time for the checks of certificates and pending CSRs; default: now. */
  readonly at?: Date;
}

/** A diagnosis: the evidence that was read, and the results. */
export interface Investigation {
  readonly reading: Reading;
  readonly findings: readonly Finding[];
}

/**
 * Finds out why an installation does not finish. Returns all problems ordered by layer, the lowest first, so that the first one is the likely cause;
 * what could not be read comes last. Ends within a minute and changes nothing. Throws only if a setting of the environment is wrong (AWS_CA_BUNDLE).
 */
export async function diagnose(subject: Subject, options: DiagnoseOptions = {}): Promise<readonly Finding[]> {
  return (await investigate(subject, options)).findings;
}

/** Like {@link diagnose}, but also returns the evidence, for `gather`. */
export async function investigate(subject: Subject, { at = new Date() }: DiagnoseOptions = {}): Promise<Investigation> {
  const reading = await readEverything(subject, at);
  return { reading, findings: [...judge(subject, reading), ...inOrder(reading.unanswered)] };
}

/** Runs all checks on the evidence. */
export function judge(subject: Subject, reading: Reading): Finding[] {
  return inOrder([
    ...checkDns(subject, reading),
    ...checkLoadBalancers(subject, reading),
    ...checkSecurityGroups(subject, reading),
    ...checkRoutes(subject, reading),
    ...checkIgnition(subject, reading),
    ...checkRegistry(subject, reading),
    ...checkCertificates(subject, reading),
    ...checkApprover(subject, reading),
    ...checkApi(subject, reading),
    ...checkOperators(reading),
  ]);
}
