import { issuerDocuments } from "../../ignition/token-issuer";
import { statementsOf } from "../policy-document";
import { type Declared, oneOf, type Refusal, rule } from "../rule";
import { flag, isKnown, shown, unknown, type Value } from "../value";

const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const policyType = "aws:s3/bucketPolicy:BucketPolicy";
const aclTypes = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketAclV2:BucketAclV2",
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
];

/** Canned ACLs that let in others than the owner (S3 user guide, "Canned ACL"). */
const publicAcls = ["public-read", "public-read-write", "authenticated-read"];

/** What of S3's guards the issuer's bucket can't have. */
const policyGuards = ["blockPublicPolicy", "restrictPublicBuckets"];
const guards = ["blockPublicAcls", "ignorePublicAcls", ...policyGuards];

/** The two documents that AWS reads, as anybody may. */
const documents: readonly string[] = Object.values(issuerDocuments);

export const publicBuckets = rule({
  name: "public-buckets",
  description: "No bucket is public, but for the token issuer's two documents.",
  /** First part of the infraID of a cluster in manual credentials mode, whose token issuer has a bucket; empty without one. */
  defaults: { issuerPrefix: "" },
  appliesTo: oneOf([blockType, policyType, ...aclTypes]),
  check(resource, { issuerPrefix }) {
    const issuer = isIssuer(resource.properties.bucket, issuerPrefix);
    if (resource.type === blockType) return checkGuards(resource, issuer);
    const acl = resource.properties.acl;
    const byAcl = typeof acl === "string" && publicAcls.includes(acl) ? [refusal(`acl: ${acl}`)] : [];
    return [...byAcl, ...checkPolicy(resource.properties.policy, issuer)];
  },
});

/** Whether a bucket is the issuer's, `<infraID>-oidc`; unknown when its name is. */
function isIssuer(bucket: Value, prefix: string): boolean | typeof unknown {
  if (prefix === "") return false;
  if (!isKnown(bucket)) return unknown;
  const name = shown(bucket);
  return name.startsWith(`${prefix}-`) && /^[a-z0-9]{5}-oidc$/.test(name.slice(prefix.length + 1));
}

function checkGuards({ properties }: Declared, issuer: boolean | typeof unknown): Refusal[] {
  const open = guards.filter((guard) => {
    if (properties[guard] === unknown || (issuer !== false && policyGuards.includes(guard))) return false;
    return flag(properties[guard]) !== true;
  });
  return open.length === 0 ? [] : [refusal(`not set: ${open.join(", ")}`)];
}

function checkPolicy(policy: Value, issuer: boolean | typeof unknown): Refusal[] {
  const open = statementsOf(policy).filter(({ allows, everyone }) => allows && everyone);
  const wrong = open.filter(({ actions, inverted, resources }) => {
    const documentsOnly =
      !inverted &&
      actions.every((action) => action === "s3:GetObject") &&
      resources.every((arn) => documents.includes(arn.slice(arn.indexOf("/") + 1)));
    return issuer === false || !documentsOnly;
  });
  if (wrong.length === 0) return [];
  return [
    refusal(
      `everyone may ${wrong.flatMap(({ actions }) => actions).join(", ")} on ${wrong.flatMap(({ resources }) => resources).join(", ")}`,
    ),
  ];
}

function refusal(value: string): Refusal {
  return {
    wrong: "makes a bucket public",
    value,
    allowed: `no access for everyone; s3:GetObject on ${documents.join(" and ")} of <infraID>-oidc, with credentialsMode manual`,
    fix: "use PrivateBucket (components/private-bucket.ts), and name who may read it",
  };
}
