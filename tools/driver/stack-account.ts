import { parseArn } from "../../lib/aws/arn";
import { callerAccount } from "../../lib/aws/caller-account";
import { clientConfiguration } from "../../lib/aws/client";
import { explainAwsError, explanationsOf, messageOf } from "../../lib/aws/errors";

/** The part of a stack's exported state that names the account of its resources. */
export interface ExportedState {
  readonly deployment?: {
    readonly resources?: readonly { readonly type: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
  };
}

/**
 * ID of the AWS account of a stack's resources: the account ID in most of the resources' ARNs. Undefined before the stack has created
 * anything in AWS.
 */
export function accountOf({ deployment }: ExportedState): string | undefined {
  const counts = new Map<string, number>();
  for (const { type, outputs } of deployment?.resources ?? []) {
    const arn = type.startsWith("aws:") && typeof outputs?.arn === "string" ? outputs.arn : "";
    const account = parseArn(arn)?.accountId ?? "";
    if (/^\d{12}$/.test(account)) counts.set(account, (counts.get(account) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/**
 * Checks the account of the AWS credentials before a command changes anything. In another account the provider finds none of the stack's resources: it
 * considers them deleted and removes them from the state, while they go on running.
 *
 * @throws Error if the credentials do not work, or belong to another account than the stack's resources
 */
export async function refuseOtherAccount(state: ExportedState, region: string): Promise<void> {
  if (accountOf(state) !== undefined) refuseDifferentAccount(state, await callerAccount(clientConfiguration(region)));
}

/** Problem and fix if AWS does not accept the credentials in use; undefined if AWS accepts them or does not answer within ten seconds. */
export async function credentialsProblem(region: string): Promise<string | undefined> {
  try {
    await callerAccount(clientConfiguration(region), AbortSignal.timeout(10_000));
    return undefined;
  } catch (error) {
    const text = messageOf(error);
    return explainAwsError(text)?.access === true ? explanationsOf([text])[0] : undefined;
  }
}

/** Checks that a stack's resources are in the account of the credentials, `found`. @throws Error if they are in another account */
export function refuseDifferentAccount(state: ExportedState, found: string | undefined): void {
  const expected = accountOf(state);
  if (expected === undefined || found === expected) return;
  throw new Error(
    `Problem: the AWS credentials belong to account ${found ?? "unknown"}, but the resources of this stack are in account ${expected}. Nothing was changed.\n` +
      "Fix: Use credentials of that account (AWS_PROFILE). Then run the same command again.",
  );
}
