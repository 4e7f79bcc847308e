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
import type { Reading } from "./reading";
import type { Subject } from "./subject";

export interface DiagnoseOptions {
  /** The time that certificates and waiting requests are held against; now, by default. */
  readonly at?: Date;
}

/** What was read of a cluster, and what is wrong with it. */
export interface Investigation {
  readonly reading: Reading;
  readonly findings: readonly Finding[];
}

/**
 * Why an installation doesn't come to its end: everything that is wrong, from the ground up, so that the first is the cause. What could not be
 * read comes last. Ends within a minute, changes nothing, and throws only where the environment's own settings are broken (AWS_CA_BUNDLE).
 */
export async function diagnose(subject: Subject, options: DiagnoseOptions = {}): Promise<readonly Finding[]> {
  return (await investigate(subject, options)).findings;
}

/** As {@link diagnose}, with what was read, for `gather`. */
export async function investigate(subject: Subject, { at = new Date() }: DiagnoseOptions = {}): Promise<Investigation> {
  const reading = await readEverything(subject, at);
  return { reading, findings: [...judge(subject, reading), ...inOrder(reading.unanswered)] };
}

/** What is wrong with what was read. */
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
