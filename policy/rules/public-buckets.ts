import type { CompleteProblem } from "../../lib/problem";
import { issuerDocuments } from "../../ignition/token-issuer";
import { statementsOf } from "../policy-document";
import { type DeclaredResource, oneOf, policyRule } from "../rule";
import { booleanValue, isKnown, displayValue, unknown, type PolicyValue } from "../value";

const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const policyType = "aws:s3/bucketPolicy:BucketPolicy";
const aclTypes = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketAclV2:BucketAclV2",
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
];

/** Canned ACLs that give access to everyone, or to every AWS account (S3 user guide, "Canned ACL"). */
const publicAcls = ["public-read", "public-read-write", "authenticated-read"];

/** Settings of S3's Block Public Access that the token issuer's bucket can't have. */
const policyGuards = ["blockPublicPolicy", "restrictPublicBuckets"];
const guards = ["blockPublicAcls", "ignorePublicAcls", ...policyGuards];

/** The two documents of the token issuer. AWS reads them without credentials, so everyone must be able to read them. */
const publicDocuments: readonly string[] = Object.values(issuerDocuments);

export const publicBuckets = policyRule({
  name: "public-buckets",
  description: "No bucket is public, except for the token issuer's two documents.",
  /**
   * Prefix of the infrastructure ID, by which the token issuer's bucket is recognized. Empty if the stack can't have that bucket, because
   * credentialsMode is mint or passthrough.
   */
  defaults: { issuerPrefix: "" },
  appliesTo: oneOf([blockType, policyType, ...aclTypes]),
  check(resource, { issuerPrefix }) {
    const issuer = isTokenIssuerBucket(resource.properties.bucket, issuerPrefix);
    if (resource.type === blockType) return checkGuards(resource, issuer);
    const acl = resource.properties.acl;
    const byAcl = typeof acl === "string" && publicAcls.includes(acl) ? [problem(`acl: ${acl}`)] : [];
    return [...byAcl, ...checkPolicy(resource.properties.policy, issuer)];
  },
});

/** Whether a bucket is the issuer's, `<infraID>-oidc`; unknown if its name is unknown. */
function isTokenIssuerBucket(bucket: PolicyValue, prefix: string): boolean | typeof unknown {
  if (prefix === "") return false;
  if (!isKnown(bucket)) return unknown;
  const name = displayValue(bucket);
  return name.startsWith(`${prefix}-`) && /^[a-z0-9]{5}-oidc$/.test(name.slice(prefix.length + 1));
}

function checkGuards({ properties }: DeclaredResource, issuer: boolean | typeof unknown): CompleteProblem[] {
  const open = guards.filter((guard) => {
    if (properties[guard] === unknown || (issuer !== false && policyGuards.includes(guard))) return false;
    return booleanValue(properties[guard]) !== true;
  });
  return open.length === 0 ? [] : [problem(`not set: ${open.join(", ")}`)];
}

function checkPolicy(policy: PolicyValue, issuer: boolean | typeof unknown): CompleteProblem[] {
  const open = statementsOf(policy).filter(({ allows, everyone }) => allows && everyone);
  const wrong = open.filter(({ actions, inverted, resources }) => {
    const documentsOnly =
      !inverted &&
      actions.every((action) => action === "s3:GetObject") &&
      resources.every((arn) => publicDocuments.includes(arn.slice(arn.indexOf("/") + 1)));
    return issuer === false || !documentsOnly;
  });
  if (wrong.length === 0) return [];
  return [
    problem(
      `everyone may ${wrong.flatMap(({ actions }) => actions).join(", ")} on ${wrong.flatMap(({ resources }) => resources).join(", ")}`,
    ),
  ];
}

function problem(value: string): CompleteProblem {
  return {
    wrong: "makes a bucket public",
    value,
    allowed: `no public access, except, with credentialsMode manual, s3:GetObject on ${publicDocuments.join(" and ")} of <infraID>-oidc`,
    fix: "use PrivateBucket (components/private-bucket.ts), and name the principals that may read it",
  };
}
