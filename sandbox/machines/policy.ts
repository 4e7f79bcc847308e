import type { Document, Permissions, Statement } from "./permissions";
import { type Failure, failure } from "./failure";

export interface PermissionRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** The resource's own policy, for example a bucket policy. */
  readonly resourcePolicy?: Document;
  /** Condition keys in lower case, for example `aws:securetransport`, with their values. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether IAM allows a role's request: the name of the policy that allows it, or the reason for the denial. Within one account, a Deny
 * anywhere wins. Otherwise the role's policies or the resource's policy must allow the request, and the permissions boundary as well (IAM
 * user guide, "Policy evaluation logic").
 */
export function mayDo(permissions: Permissions, request: PermissionRequest): { readonly allowedBy: string } | Failure {
  const { roleName, roleArn, policies, boundary } = permissions;
  const { action, resource, resourcePolicy } = request;
  const named: (readonly [string, Document])[] = Object.entries(policies).map(([name, document]) => [
    `policy ${name} of role ${roleName}`,
    document,
  ]);
  const wanted = `role ${roleName} may not ${action} on ${resource}`;
  const resources: (readonly [string, Document])[] =
    resourcePolicy === undefined ? [] : [[`the policy of ${resource}`, forPrincipal(resourcePolicy, roleArn)]];
  const limits: (readonly [string, Document])[] = boundary === undefined ? [] : [["its permissions boundary", boundary]];
  for (const [name, { statements }] of [...named, ...resources, ...limits]) {
    const denial = statements.find((statement) => statement.effect === "Deny" && applies(statement, request));
    if (denial !== undefined) return failure(`${wanted}: ${name} denies it${denial.sid === undefined ? "" : ` (${denial.sid})`}`);
  }
  const allows = ([, { statements }]: readonly [string, Document]) =>
    statements.some((statement) => statement.effect === "Allow" && applies(statement, request));
  const allowing = [...named, ...resources].find(allows);
  if (allowing === undefined) {
    const own = Object.keys(policies);
    return failure(`${wanted}: ${own.length === 0 ? "it has no policy" : `no statement of ${own.join(", ")} allows it`}`);
  }
  return limits.every(allows) ? { allowedBy: allowing[0] } : failure(`${wanted}: its permissions boundary doesn't allow it`);
}

/** The statements of a resource's policy that apply to a role. */
function forPrincipal({ statements }: Document, roleArn: string): Document {
  const account = roleArn.split(":")[4] ?? "";
  const names = ["*", roleArn, account, `${roleArn.split(":").slice(0, 5).join(":")}:root`];
  return { statements: statements.filter(({ principals }) => principals.some((principal) => names.includes(principal))) };
}

function applies(statement: Statement, { action, resource, context = {} }: PermissionRequest): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  // Action names are case-insensitive (IAM user guide, "IAM JSON policy elements: Action"); ARNs are case-sensitive.
  const named = actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  const about = resources.some((pattern) => matches(pattern, resource));
  if (named === notActions || about === notResources) return false;
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, context[key], values)),
  );
}

/**
 * Evaluates the condition operators for strings, ARNs and booleans. If the request lacks the key, only negated operators and those with
 * IfExists hold.
 *
 * @throws Error for an unknown operator: a guess could let an instance boot, or hang, for no reason.
 */
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  const base = operator.replace(/IfExists$/, "");
  if (base === "Null") return (actual === undefined) === (values[0] === "true");
  const negated = base.includes("Not");
  if (actual === undefined) return negated || base !== operator;
  const positive = base.replace("Not", "");
  const equal = {
    Bool: (value: string) => value.toLowerCase() === actual.toLowerCase(),
    StringEquals: (value: string) => value === actual,
    StringEqualsIgnoreCase: (value: string) => value.toLowerCase() === actual.toLowerCase(),
    StringLike: (value: string) => matches(value, actual),
    ArnEquals: (value: string) => matches(value, actual),
    ArnLike: (value: string) => matches(value, actual),
  }[positive];
  if (equal === undefined)
    throw new Error(`a policy has the condition operator ${operator}, which the sandbox does not implement (sandbox/machines/policy.ts)`);
  return values.some(equal) !== negated;
}

/** Matches a pattern in which `*` stands for any text and `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
