import { parseArn } from "../../lib/aws/arn";

/** A statement of an IAM policy, as AWS stores it (IAM user guide, "IAM JSON policy element reference"). */
interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

/** A policy with its name, for messages. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** A request to evaluate: may this role perform this action on this resource? */
export interface AccessRequest {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

/** All policies that apply to a role's request to a bucket in the same account. */
export interface Policies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  readonly bucket?: NamedPolicy;
}

/** Result of an evaluation; `deniedBy` is the name of the policy that denies the request. */
export type EvaluationResult = { readonly allowed: true } | { readonly allowed: false; readonly deniedBy?: string };

/** Parses a policy document, percent-encoded as IAM returns it (IAM API reference, GetRolePolicy) or plain as S3 returns it. */
export function parsePolicy(name: string, text: string): NamedPolicy {
  const plain = text.trimStart().startsWith("{") ? text : decodeURIComponent(text);
  return { name, document: JSON.parse(plain) as PolicyDocument };
}

/**
 * Evaluates policies as AWS does within one account (IAM user guide, "Policy evaluation logic"). A Deny in any policy wins. Otherwise an Allow of an identity
 * policy and of the boundary, or an Allow of the bucket policy suffices. A condition whose value is unknown here counts in favour of the request.
 */
export function evaluatePolicies(request: AccessRequest, { identity, boundary, bucket }: Policies): EvaluationResult {
  const all = [...identity, ...(boundary ? [boundary] : []), ...(bucket ? [bucket] : [])];
  const denier = all.find((policy) => hasStatement("Deny", policy, request, policy === bucket));
  if (denier !== undefined) return { allowed: false, deniedBy: denier.name };
  const byIdentity = identity.some((policy) => hasStatement("Allow", policy, request, false));
  const bounded = boundary === undefined || hasStatement("Allow", boundary, request, false);
  const byBucket = bucket !== undefined && hasStatement("Allow", bucket, request, true);
  if (byBucket || (byIdentity && bounded)) return { allowed: true };
  return byIdentity && boundary !== undefined ? { allowed: false, deniedBy: boundary.name } : { allowed: false };
}

/** Whether a policy allows everyone something without a condition. */
export function allowsEveryone({ document }: NamedPolicy): boolean {
  return statementsOf(document).some(
    ({ Effect, Principal, Condition }) =>
      Effect === "Allow" && Condition === undefined && (Principal === "*" || list(Principal?.AWS).includes("*")),
  );
}

function hasStatement(effect: Statement["Effect"], { document }: NamedPolicy, request: AccessRequest, ofResource: boolean): boolean {
  return statementsOf(document).some(
    (statement) =>
      statement.Effect === effect &&
      (!ofResource || isAddressed(statement, request.roleArn)) &&
      covers(statement.Action, statement.NotAction, (pattern) => matches(pattern.toLowerCase(), request.action.toLowerCase())) &&
      covers(statement.Resource, statement.NotResource, (pattern) => matches(pattern, request.resource)) &&
      holds(statement),
  );
}

function statementsOf({ Statement }: PolicyDocument): readonly Statement[] {
  return Array.isArray(Statement) ? (Statement as readonly Statement[]) : [Statement as Statement];
}

function covers(some: Statement["Action"], allBut: Statement["Action"], fits: (pattern: string) => boolean): boolean {
  return allBut === undefined ? list(some).some(fits) : !list(allBut).some(fits);
}

function isAddressed({ Principal, NotPrincipal }: Statement, roleArn: string): boolean {
  if (NotPrincipal !== undefined) return false;
  if (Principal === "*") return true;
  const account = parseArn(roleArn)?.accountId ?? "";
  const root = `${roleArn.split(":role/")[0]}:root`;
  return list(Principal?.AWS).some((principal) => ["*", roleArn, account, root].includes(principal));
}

/** Whether a statement's conditions are met. Requests use TLS; any other condition counts as met for an Allow and as not met for a Deny. */
function holds({ Effect, Condition = {} }: Statement): boolean {
  return Object.entries(Condition).every(([operator, values]) =>
    Object.entries(values).every(([key, value]) =>
      operator === "Bool" && key.toLowerCase() === "aws:securetransport" ? list(value).includes("true") : Effect === "Allow",
    ),
  );
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** Whether a text matches a pattern in which `*` matches any characters and `?` one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
