import { assumedCharge, type ComputeCharges, monthly } from "../charge";
import { listValue, propertyValue, recordValue, textValue, wholeNumberValue } from "../../../lib/pulumi/resource";

export const bucketCharges: ComputeCharges = (_, assumptions) => [
  assumedCharge("Storage", "S3 buckets", "bucket", "bucketGb", assumptions),
];

export const fileSystemCharges: ComputeCharges = (resource, assumptions) => {
  if (textValue(propertyValue(resource, "availabilityZoneName"))) return ["One Zone file systems are not in the price table"];
  const mode = textValue(propertyValue(resource, "throughputMode")) ?? "bursting";
  const storage = assumedCharge("Storage", "EFS file systems", "fileSystem", "fileSystemGb", assumptions);
  return mode === "bursting" ? [storage] : [storage, `${mode} throughput is not in the price table`];
};

export const fileSystemBackupCharges: ComputeCharges = (resource) =>
  recordValue(resource.inputs.backupPolicy)?.status === "DISABLED" ? [] : ["the size of the file system's backups isn't known"];

export const kmsKeyCharges: ComputeCharges = () => [monthly("KMS keys", "key")];

export const secretCharges: ComputeCharges = () => [monthly("Secrets Manager secrets", "secret")];

export const zoneCharges: ComputeCharges = () => [monthly("Route 53 zones", "zone")];

/** Standard parameters are free. */
export const parameterCharges: ComputeCharges = (resource) =>
  textValue(propertyValue(resource, "tier")) === "Advanced" ? ["advanced parameters are not in the price table"] : [];

export const certificateCharges: ComputeCharges = (resource) => {
  if (resource.inputs.certificateAuthorityArn !== undefined) return ["certificates of a private CA are not in the price table"];
  return recordValue(resource.inputs.options)?.export === "ENABLED" ? ["exportable certificates are not in the price table"] : [];
};

export const logGroupCharges: ComputeCharges = (_, assumptions) => [
  assumedCharge("Services", "CloudWatch logs, written", "log.ingestion", "logGb", assumptions),
  assumedCharge("Services", "CloudWatch logs, kept", "log.storage", "logGb", assumptions),
];

/** A standard-resolution alarm is charged per metric that it watches. */
export const alarmCharges: ComputeCharges = (resource) => {
  const period = wholeNumberValue(resource.inputs.period);
  if (period !== undefined && period < 60) return ["high-resolution alarms are not in the price table"];
  const metrics = listValue(resource.inputs.metricQueries).filter((query) => recordValue(query)?.metric !== undefined).length;
  return [monthly("CloudWatch alarms", "alarm", Math.max(1, metrics))];
};

/** AWS managed rule groups with a separate fee (AWS, "AWS WAF pricing"). */
const PAID_WAF_RULE_GROUPS = /BotControl|ATPRuleSet|ACFPRuleSet|AntiDDoS/;

export const webAclCharges: ComputeCharges = (resource, assumptions) => {
  const rules = listValue(resource.inputs.rules);
  const unpriced = rules.flatMap((rule) => {
    const managed = recordValue(recordValue(recordValue(rule)?.statement)?.managedRuleGroupStatement);
    const name = String(managed?.name);
    return managed !== undefined && (managed.vendorName !== "AWS" || PAID_WAF_RULE_GROUPS.test(name))
      ? [`the fee of the managed rule group ${name} isn't known`]
      : [];
  });
  return [
    monthly("WAF web ACLs", "webAcl.acl"),
    ...(rules.length > 0 ? [monthly("WAF rules", "webAcl.rule", rules.length)] : []),
    assumedCharge("Services", "WAF requests", "webAcl.requests", "webAclMillionRequests", assumptions),
    ...unpriced,
  ];
};

/** AWS charges for the rules of a rule group. The use of the group in a web ACL is charged as a rule of the web ACL. */
export const ruleGroupCharges: ComputeCharges = (resource) => {
  const rules = listValue(resource.inputs.rules).length;
  return rules > 0 ? [monthly("WAF rules", "webAcl.rule", rules)] : [];
};
