/** A policy variable: each request's own value. */
const own = "${aws:PrincipalAccount}";
const user = "arn:aws:iam::123456789012:user";

/** Conditions of what is said to everyone, that leave it to some, or don't. */
export function conditions(narrowing: boolean): (readonly [what: string, Condition: object])[] {
  return narrowing
    ? [
        ["for an account", { StringEquals: { "aws:PrincipalAccount": "123456789012" } }],
        ["for an account, however it is written", { StringLike: { "AWS:sourceaccount": ["123456789012"] } }],
        ["for an organization's machines", { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:PrincipalOrgID": ["o-1"] } }],
        ["for a part of an account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/ci-*" } }],
        ["for a bucket's notifications", { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } }],
        ["through an endpoint", { "ForAnyValue:StringEquals": { "aws:SourceVpce": "vpce-1" } }],
        ["for an account's users, each by its name", { StringLike: { "aws:PrincipalArn": `${user}/\${aws:username}` } }],
        [
          "for an account, which has to be said",
          { Null: { "aws:principalaccount": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } },
        ],
        [
          "for parts of an organization, of which one has to be said",
          { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": ["o-1/r-1/*"] }, Null: { "aws:PrincipalOrgPaths": [false] } },
        ],
      ]
    : [
        ["who says so", { StringLike: { "aws:UserAgent": "curl/*" } }],
        ["who encrypts", { Bool: { "aws:SecureTransport": "true" } }],
        ["but one account", { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } }],
        ["of any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
        ["of any account, too", { StringLike: { "aws:PrincipalAccount": ["123456789012", "*"] } }],
        ["with a name", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } }],
        ["whose request doesn't say", { StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }],
        ["who has nothing", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": "123456789012" } }],
        ["who has an account", { Null: { "aws:PrincipalAccount": "false" } }],
        ["who has no account", { Null: { "aws:PrincipalAccount": "true" } }],
        ["of his own account", { StringEquals: { "aws:PrincipalAccount": own } }],
        ["of his own account, or of one", { StringEquals: { "aws:PrincipalAccount": ["123456789012", own] } }],
        ["of his own account, or of a default", { StringLike: { "aws:PrincipalAccount": "${aws:PrincipalAccount, '123456789012'}" } }],
        ["by his own name", { ArnLike: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }],
        ["in his own account", { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/123456789012/x` } }],
        ["of his own organization", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "${aws:PrincipalOrgID}/*" } }],
        ["with a variable that nothing closes", { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount" } }],
        ["but one ARN", { ArnNotEquals: { "aws:PrincipalArn": `${user}/x` } }],
        ["but what one names", { "ForAnyValue:StringNotLike": { "aws:PrincipalArn": `${user}/*` } }],
        ["but one account in any case", { StringNotEqualsIgnoreCase: { "aws:PrincipalAccount": "123456789012" } }],
        ["of whom one of nothing is asked", { "ForAnyValue:StringEqualsIfExists": { "aws:SourceVpc": "vpc-1" } }],
        ["whose ARN isn't said", { ArnLikeIfExists: { "aws:PrincipalArn": `${user}/x` } }],
        ["who has no ARN", { "ForAllValues:ArnLike": { "aws:PrincipalArn": `${user}/x` } }],
        [
          "who says something else",
          { Null: { "aws:SourceVpc": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } },
        ],
        ["who has none", { Null: { "aws:PrincipalAccount": "true" }, StringEqualsIfExists: { "aws:PrincipalAccount": "123456789012" } }],
        [
          "of any account that is said",
          { Null: { "aws:PrincipalAccount": "false" }, StringEqualsIfExists: { "aws:PrincipalAccount": own } },
        ],
        ["of whom nothing is said", { StringEquals: { "aws:PrincipalAccount": [] } }],
        ["with what is no text", { StringEquals: { "aws:PrincipalAccount": [["123456789012"], { x: "123456789012" }] } }],
      ];
}
