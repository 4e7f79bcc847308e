import type { CompleteProblem } from "../../lib/problem";
import { statementsOf } from "../policy-document";
import { referenceActions } from "../reference-actions";
import { type DeclaredResource, oneOf, policyRule } from "../rule";
import { valuesIn, valueAt, texts, type PolicyValue } from "../value";

const policyTypes = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const attachmentTypes = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
];
const roleType = "aws:iam/role:Role";

/** The actions are in lower case, because IAM ignores their case. */
const knownActions = new Set(referenceActions.map((action) => action.toLowerCase()));

const allowedActionsText = "the actions in policy/reference-actions.ts, exactly as written there";

export const iamActions = policyRule({
  name: "iam-actions",
  description: "Roles have only the actions in policy/reference-actions.ts.",
  defaults: {},
  appliesTo: oneOf([...policyTypes, ...attachmentTypes, roleType]),
  check(resource) {
    if (policyTypes.includes(resource.type)) return checkPolicy(resource.properties.policy);
    if (attachmentTypes.includes(resource.type)) {
      const { policyArn, policyArns } = resource.properties;
      return checkManaged([...texts(policyArn), ...texts(policyArns)]);
    }
    return checkRole(resource);
  },
});

function checkPolicy(policy: PolicyValue): CompleteProblem[] {
  const allowing = statementsOf(policy).filter(({ allows }) => allows);
  const more = [...new Set(allowing.flatMap(({ actions }) => actions))].filter((action) => !knownActions.has(action.toLowerCase()));
  const wildcards = more.filter((action) => action.includes("*"));
  if (allowing.some(({ inverted }) => inverted)) {
    return [{ wrong: "allows all actions except some (NotAction)", allowed: allowedActionsText, fix: "list the needed actions" }];
  }
  if (more.length === 0) return [];
  return [
    {
      wrong: wildcards.length > 0 ? "allows actions by a wildcard" : "allows actions that are not in policy/reference-actions.ts",
      value: more.join(", "),
      allowed: allowedActionsText,
      fix:
        wildcards.length > 0
          ? "list the needed actions"
          : "remove the actions; or, if the role needs them, add them to policy/reference-actions.ts with their source",
    },
  ];
}

/** Managed policies are defined elsewhere and can change without a preview; AWS changes its own ones without our review. */
function checkManaged(arns: readonly string[]): CompleteProblem[] {
  if (arns.length === 0) return [];
  return [
    {
      wrong: "gets a managed policy, whose actions can't be checked",
      value: arns.join(", "),
      allowed: allowedActionsText,
      fix: "list the actions in an inline policy (aws.iam.RolePolicy)",
    },
  ];
}

function checkRole({ properties }: DeclaredResource): CompleteProblem[] {
  const everyone = statementsOf(properties.assumeRolePolicy).some((statement) => statement.allows && statement.everyone);
  return [
    ...(everyone
      ? [
          {
            wrong: "may be assumed by everyone",
            value: "Principal: *",
            allowed: "a named service, or the token issuer with a condition",
            fix: "name the principal that assumes it",
          },
        ]
      : []),
    ...valuesIn(properties.inlinePolicies).flatMap((inline) => checkPolicy(valueAt(inline, "policy"))),
    ...checkManaged(texts(properties.managedPolicyArns)),
  ];
}
