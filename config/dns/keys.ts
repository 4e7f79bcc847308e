import { arnProblem } from "../arn";
import { choice, key, text } from "../key";
import { zoneIdProblem } from "./fields";

/** Keys for DNS. */
export const dnsKeys = {
  dnsManagement: key(choice(["managed", "user"], "managed"), {
    description:
      "managed: the program writes the records. user: you create the records, and the program changes no zone. The update lists the records and waits for them: for api before instances boot, for *.apps before the installation completes.",
    example: "user",
    source: "this project",
  }),
  privateZoneId: key(text(zoneIdProblem), {
    description: "Existing private hosted zone of the cluster's domain, associated with the existing VPC.",
    allowed: "the ID of a hosted zone",
    example: "Z0123456789ABCDEFGHIJ",
    source: "openshift/installer (platform.aws.hostedZone, existing VPC only)",
    whenEmpty: "a zone is created",
  }),
  privateZoneRoleArn: key(text(arnProblem("role")), {
    description: "IAM role that must be assumed for writing into the private zone, if the zone belongs to another account.",
    allowed: "the ARN of an IAM role",
    example: "arn:aws:iam::123456789012:role/shared-zone",
    source: "openshift/installer (platform.aws.hostedZoneRole)",
    whenEmpty: "the zone belongs to the same account",
  }),
} as const;
