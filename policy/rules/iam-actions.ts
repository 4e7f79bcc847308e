import { statementsOf } from "../policy-document";
import { referenceActions } from "../reference-actions";
import { type Declared, oneOf, type Refusal, rule } from "../rule";
import { list, at, texts, type Value } from "../value";

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

/** IAM takes actions in any case. */
const known = new Set(referenceActions.map((action) => action.toLowerCase()));

const allowed = "the actions of the reference lists (policy/reference-actions.ts), as they stand there";

export const iamActions = rule({
  name: "iam-actions",
  description: "No role may do more than the reference lists say.",
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

function checkPolicy(policy: Value): Refusal[] {
  const allowing = statementsOf(policy).filter(({ allows }) => allows);
  const more = [...new Set(allowing.flatMap(({ actions }) => actions))].filter((action) => !known.has(action.toLowerCase()));
  const wildcards = more.filter((action) => action.includes("*"));
  if (allowing.some(({ inverted }) => inverted)) {
    return [{ wrong: "allows everything but some actions (NotAction)", allowed, fix: "list the actions that are needed" }];
  }
  if (more.length === 0) return [];
  return [
    {
      wrong: wildcards.length > 0 ? "allows actions by a wildcard" : "allows actions that no reference list has",
      value: more.join(", "),
      allowed,
      fix:
        wildcards.length > 0
          ? "list the actions that are needed"
          : "take the actions away; or, if the role can't do without them, add them to policy/reference-actions.ts, with their source",
    },
  ];
}

/** What a managed policy allows stands elsewhere, and changes without a preview: AWS's own policies without anybody's review. */
function checkManaged(arns: readonly string[]): Refusal[] {
  if (arns.length === 0) return [];
  return [
    {
      wrong: "gets a managed policy, whose actions nobody sees here",
      value: arns.join(", "),
      allowed,
      fix: "list the actions in a policy of its own (aws.iam.RolePolicy)",
    },
  ];
}

function checkRole({ properties }: Declared): Refusal[] {
  const everyone = statementsOf(properties.assumeRolePolicy).some((statement) => statement.allows && statement.everyone);
  return [
    ...(everyone
      ? [
          {
            wrong: "may be assumed by everyone",
            value: "Principal: *",
            allowed: "the service, or the issuer with a condition, that acts as it",
            fix: "name who assumes it",
          },
        ]
      : []),
    ...list(properties.inlinePolicies).flatMap((inline) => checkPolicy(at(inline, "policy"))),
    ...checkManaged(texts(properties.managedPolicyArns)),
  ];
}
