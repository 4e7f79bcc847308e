import type { ResourceChange, ResourceProperties } from "../../lib/pulumi/change";
import { holdsUnknown } from "./changed-paths";
import type { Exposed } from "./exposed";

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: unknown;
}

/**
 * The actions that a policy of a role, user or group allows, and one entry for each Deny statement, whose removal would open access. Empty for a
 * policy that isn't known yet.
 */
export function policyExposure(policy: unknown, name: string): Exposed[] {
  return statementsOf(policy).flatMap((statement) => {
    const rest = ` for ${name}${resources(statement)}${condition(statement)}`;
    const wide = statement.NotAction !== undefined || statement.NotResource !== undefined;
    if (statement.Effect === "Deny") return [denyExposure(`${actions(statement).join(", ")}${rest}`)];
    return actions(statement).map((action) => ({ text: `${action}${rest}`, wide: wide || action.endsWith("*") }));
  });
}

/** The access that managed policies allow. A plan has only their ARNs and not their content, so the access counts as wide. */
export function managedPolicyExposure(arns: unknown, name: string): Exposed[] {
  return stringsIn(arns, "a policy that isn't known yet").map((arn) => ({
    text: `everything that ${arn} allows, for ${name}`,
    wide: true,
  }));
}

export function attachmentExposure({ policyArn, policyArns, role, user, group }: ResourceProperties, { name }: ResourceChange): Exposed[] {
  const to = [role, user, group].find((each) => typeof each === "string" && !holdsUnknown(each));
  return managedPolicyExposure([policyArn, policyArns].flat(), typeof to === "string" ? to : name);
}

/** The permissions in a role's own policies, and the principals that may assume it. */
export function roleExposure(
  { managedPolicyArns, inlinePolicies, assumeRolePolicy }: ResourceProperties,
  { name }: ResourceChange,
): Exposed[] {
  const inline = Array.isArray(inlinePolicies) ? (inlinePolicies as unknown[]) : [];
  return [
    ...managedPolicyExposure(managedPolicyArns, name),
    ...inline.flatMap((each) => policyExposure((each as { policy?: unknown } | null)?.policy, name)),
    ...statementsOf(assumeRolePolicy).flatMap((statement) => {
      const who = principals(statement).map(({ text, wide }) => ({ text: `role ${name} to ${text}${condition(statement)}`, wide }));
      return statement.Effect === "Deny" ? who.map(({ text }) => denyExposure(text)) : who;
    }),
  ];
}

/** The access that a bucket's policy allows to everybody, and one entry for each Deny statement that applies to everybody. */
export function bucketPolicyExposure({ policy, bucket }: ResourceProperties, { name }: ResourceChange): Exposed[] {
  return statementsOf(policy)
    .filter((statement) => principals(statement).some(({ wide }) => wide))
    .map((statement) => {
      const where = `of bucket ${typeof bucket === "string" && !holdsUnknown(bucket) ? bucket : name}`;
      const but = statement.NotResource === undefined ? "" : resources(statement);
      const text = `${actions(statement).join(", ")} ${where}${but} to everybody${condition(statement)}`;
      return statement.Effect === "Deny" ? denyExposure(text) : { text, wide: true };
    });
}

/** Access that a Deny statement blocks. The removal of the statement opens the access. */
function denyExposure(text: string): Exposed {
  return { text: `access that a Deny blocks: ${text}`, wide: true, denied: true };
}

function actions({ Action, NotAction }: Statement): string[] {
  return NotAction === undefined ? stringsIn(Action) : [`everything but ${stringsIn(NotAction).join(", ")}`];
}

function resources({ Resource, NotResource }: Statement): string {
  if (NotResource !== undefined) return ` on everything but ${stringsIn(NotResource).join(", ")}`;
  const some = stringsIn(Resource);
  return some.length === 0 || some.includes("*") ? " on everything" : ` on ${some.join(", ")}`;
}

function condition({ Condition }: Statement): string {
  return Condition === undefined ? "" : ` if ${JSON.stringify(Condition)}`;
}

/** The principals of a statement; none if it has no principal, which AWS refuses. */
function principals({ Principal, NotPrincipal }: Statement): Exposed[] {
  const kinds = (principal: unknown): string[] =>
    typeof principal === "object" && principal !== null
      ? Object.entries(principal).flatMap(([kind, who]) => stringsIn(who).map((each) => (each === "*" ? "everybody" : `${kind} ${each}`)))
      : stringsIn(principal).map((each) => (each === "*" ? "everybody" : each));
  if (NotPrincipal !== undefined) return [{ text: `everybody but ${kinds(NotPrincipal).join(", ")}`, wide: true }];
  return kinds(Principal).map((text) => ({ text, wide: text === "everybody" }));
}

/** The strings of a list, or a single string as a list. */
function stringsIn(values: unknown, unknown?: string): string[] {
  return [values]
    .flat()
    .filter((each) => typeof each === "string")
    .map((each) => (unknown !== undefined && holdsUnknown(each) ? unknown : each));
}

function statementsOf(policy: unknown): readonly Statement[] {
  try {
    const { Statement: statements } = (typeof policy === "string" ? JSON.parse(policy) : (policy ?? {})) as {
      Statement?: Statement | Statement[];
    };
    return statements === undefined ? [] : [statements].flat();
  } catch {
    return []; // The values are not known yet.
  }
}
