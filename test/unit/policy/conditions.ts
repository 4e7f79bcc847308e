/** A policy variable. AWS replaces it with the account of the caller, so it restricts nobody. */
const own = "${aws:PrincipalAccount}";
const user = "arn:aws:iam::123456789012:user";

/** Conditions for statements with principal `*`: with `narrowing` those that restrict the callers, without it those that do not. */
export function conditions(narrowing: boolean): (readonly [what: string, Condition: object])[] {
  return narrowing
    ? [
        ["for an account", { StringEquals: { "aws:PrincipalAccount": "123456789012" } }],
        ["for an account, with another operator and in other letters", { StringLike: { "AWS:sourceaccount": ["123456789012"] } }],
        [
          "for an organization's requests over TLS",
          { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:PrincipalOrgID": ["o-1"] } },
        ],
        ["for some roles of an account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/ci-*" } }],
        ["for a bucket's notifications", { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } }],
        ["through an endpoint", { "ForAnyValue:StringEquals": { "aws:SourceVpce": "vpce-1" } }],
        ["for an account's users, each with their own name", { StringLike: { "aws:PrincipalArn": `${user}/\${aws:username}` } }],
        [
          "for an account, if the request names an account",
          { Null: { "aws:principalaccount": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } },
        ],
        [
          "for parts of an organization, if the request names a part",
          { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": ["o-1/r-1/*"] }, Null: { "aws:PrincipalOrgPaths": [false] } },
        ],
      ]
    : [
        ["with a given user agent", { StringLike: { "aws:UserAgent": "curl/*" } }],
        ["with TLS", { Bool: { "aws:SecureTransport": "true" } }],
        ["except one account", { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } }],
        ["of any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
        ["of any account in addition to one", { StringLike: { "aws:PrincipalAccount": ["123456789012", "*"] } }],
        ["with a role's name in any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } }],
        ["if the request names a VPC, only from one", { StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }],
        ["without a value, because ForAllValues accepts none", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": "123456789012" } }],
        ["with any account", { Null: { "aws:PrincipalAccount": "false" } }],
        ["without an account", { Null: { "aws:PrincipalAccount": "true" } }],
        ["of the caller's own account", { StringEquals: { "aws:PrincipalAccount": own } }],
        ["of one account or the caller's own", { StringEquals: { "aws:PrincipalAccount": ["123456789012", own] } }],
        ["of the caller's own account or a default", { StringLike: { "aws:PrincipalAccount": "${aws:PrincipalAccount, '123456789012'}" } }],
        ["with the caller's own name", { ArnLike: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }],
        ["with a role in the caller's own account", { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/123456789012/x` } }],
        ["of the caller's own organization", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "${aws:PrincipalOrgID}/*" } }],
        ["with a policy variable that is not closed", { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount" } }],
        ["except one ARN", { ArnNotEquals: { "aws:PrincipalArn": `${user}/x` } }],
        ["except the ARNs of one user's path", { "ForAnyValue:StringNotLike": { "aws:PrincipalArn": `${user}/*` } }],
        ["except one account, ignoring case", { StringNotEqualsIgnoreCase: { "aws:PrincipalAccount": "123456789012" } }],
        ["without the key, because of IfExists with ForAnyValue", { "ForAnyValue:StringEqualsIfExists": { "aws:SourceVpc": "vpc-1" } }],
        ["without an ARN, because of IfExists", { ArnLikeIfExists: { "aws:PrincipalArn": `${user}/x` } }],
        ["without an ARN, because of ForAllValues", { "ForAllValues:ArnLike": { "aws:PrincipalArn": `${user}/x` } }],
        [
          "with another key than the one that restricts",
          { Null: { "aws:SourceVpc": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } },
        ],
        [
          "without an account, because of Null and IfExists",
          { Null: { "aws:PrincipalAccount": "true" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } },
        ],
        [
          "of any account that the request names",
          { Null: { "aws:PrincipalAccount": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": own } },
        ],
        ["with an empty list of accounts", { StringEquals: { "aws:PrincipalAccount": [] } }],
        ["with values that are not texts", { StringEquals: { "aws:PrincipalAccount": [["123456789012"], { x: "123456789012" }] } }],
      ];
}
