import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../../config/partition";
import { discoveryDocument, issuerDocuments, keySet, tokenAudiences } from "../../ignition/token-issuer";
import { denyPlainHttp } from "../bucket-policy";
import type { Naming } from "../naming";

export interface TokenIssuerArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  /** Public key in PEM format: AWS trusts tokens that are signed with the private key of this pair. */
  readonly publicKey: pulumi.Input<string>;
}

/**
 * Makes the cluster an OIDC issuer whose tokens AWS trusts. AWS STS fetches the issuer's two documents from the internet without
 * credentials, so everyone may read these two objects of the bucket, and no others. They contain no secrets.
 */
export class TokenIssuer extends pulumi.ComponentResource {
  /** The issuer's URL, which is the `iss` of every token. */
  readonly url: pulumi.Output<string>;
  readonly provider: aws.iam.OpenIdConnectProvider;

  constructor(name: string, args: TokenIssuerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:credentials:TokenIssuer", name, {}, opts);
    const { naming, partition, region } = args;
    const parent = { parent: this };
    const { bucket } = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: naming.name("oidc"), forceDestroy: true, tags: naming.tags("oidc") },
      parent,
    );
    this.url = pulumi.interpolate`https://${bucket}.s3.${region}.${partition.dnsSuffix}`;
    const access = new aws.s3.BucketPublicAccessBlock(
      `${name}-access`,
      { bucket, blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: false, restrictPublicBuckets: false },
      parent,
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const arn = pulumi.interpolate`arn:${partition.name}:s3:::${bucket}`;
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [denyPlainHttp(arn), readDocuments(arn)] }),
      },
      // S3 refuses a public policy until the access block allows it.
      { ...parent, dependsOn: access },
    );
    const document = (key: string, content: pulumi.Input<string>) =>
      new aws.s3.BucketObject(
        `${name}-${key}`,
        { bucket, key, content, contentType: "application/json" },
        { ...parent, dependsOn: [ownership, policy] },
      );
    const documents = [
      document(issuerDocuments.discovery, this.url.apply(discoveryDocument)),
      document(issuerDocuments.keys, pulumi.output(args.publicKey).apply(keySet)),
    ];
    this.provider = new aws.iam.OpenIdConnectProvider(
      `${name}-provider`,
      { url: this.url, clientIdLists: Object.values(tokenAudiences), tags: naming.tags("oidc") },
      { ...parent, dependsOn: documents, deleteBeforeReplace: true },
    );
    this.registerOutputs();
  }
}

/** Statement of the bucket's policy by which everyone may read the issuer's two documents. */
function readDocuments(bucketArn: pulumi.Output<string>) {
  return {
    Sid: "ReadDocuments",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: Object.values(issuerDocuments).map((key) => pulumi.interpolate`${bucketArn}/${key}`),
  };
}
