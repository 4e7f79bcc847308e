import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { RouterShard } from "../../config/ingress/settings";
import type { Naming } from "../naming";

/** TTL in seconds of the record that validates a domain. */
const proofTtl = 60;

export interface AcmCertificateArgs {
  readonly naming: Naming;
  readonly shard: Pick<RouterShard, "name" | "domain">;
  /** Public hosted zone of the domain, in which this program can write. */
  readonly zoneId: string;
}

/**
 * Requests a certificate for `*.<domain>` from ACM, which renews it while its validation record exists. The ARN is known once the
 * certificate is issued.
 */
export function requestCertificate(
  name: string,
  { naming, shard, zoneId }: AcmCertificateArgs,
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
      // The record may exist: all certificates of one account for one domain have the same validation record.
      allowOverwrite: true,
    },
    opts,
  );
  return new aws.acm.CertificateValidation(name, { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] }, opts)
    .certificateArn;
}
