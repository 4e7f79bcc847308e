import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { RouterShard } from "../../config/platform/router-shards";
import type { Naming } from "../naming";

/** Seconds that a resolver may keep the proof of a domain. */
const proofTtl = 60;

export interface FrontCertificateArgs {
  readonly naming: Naming;
  readonly shard: Pick<RouterShard, "name" | "domain">;
  /** Public zone of the domain, where its owner can write. */
  readonly zoneId: string;
}

/** A certificate of `*.<domain>` from ACM, which renews it as long as its record stays; the ARN is known when it is issued. */
export function requestCertificate(
  name: string,
  { naming, shard, zoneId }: FrontCertificateArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate(
    name,
    { domainName: `*.${shard.domain}`, validationMethod: "DNS", tags: naming.tags(`${shard.name}-waf`) },
    opts,
  );
  const proof = certificate.domainValidationOptions[0];
  const record = new aws.route53.Record(
    `${name}-proof`,
    {
      zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: proofTtl,
      // Of one account's certificates for one domain the record is the same.
      allowOverwrite: true,
    },
    opts,
  );
  return new aws.acm.CertificateValidation(name, { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] }, opts)
    .certificateArn;
}
