import { assumed, type Charging, monthly } from "../charge";
import { list, property, record, text, whole } from "../../../lib/pulumi/resource";

export const bucket: Charging = (_, assumptions) => [assumed("Storage", "S3 buckets", "bucket", "bucketGb", assumptions)];

export const fileSystem: Charging = (resource, assumptions) => {
  if (text(property(resource, "availabilityZoneName"))) return ["One Zone file systems are not in the price table"];
  const mode = text(property(resource, "throughputMode")) ?? "bursting";
  const storage = assumed("Storage", "EFS file systems", "fileSystem", "fileSystemGb", assumptions);
  return mode === "bursting" ? [storage] : [storage, `${mode} throughput is not in the price table`];
};

export const fileSystemBackup: Charging = (resource) =>
  record(resource.inputs.backupPolicy)?.status === "DISABLED" ? [] : ["the size of the file system's backups isn't known"];

export const key: Charging = () => [monthly("Services", "KMS keys", "key")];

export const secret: Charging = () => [monthly("Services", "Secrets Manager secrets", "secret")];

export const zone: Charging = () => [monthly("Services", "Route 53 zones", "zone")];

/** Standard parameters are free. */
export const parameter: Charging = (resource) =>
  text(property(resource, "tier")) === "Advanced" ? ["advanced parameters are not in the price table"] : [];

export const certificate: Charging = (resource) => {
  if (resource.inputs.certificateAuthorityArn !== undefined) return ["certificates of a private CA are not in the price table"];
  return record(resource.inputs.options)?.export === "ENABLED" ? ["exportable certificates are not in the price table"] : [];
};

export const logGroup: Charging = (_, assumptions) => [
  assumed("Services", "CloudWatch logs, written", "log.ingestion", "logGb", assumptions),
  assumed("Services", "CloudWatch logs, kept", "log.storage", "logGb", assumptions),
];

/** A standard-resolution alarm is charged per metric that it watches. */
export const alarm: Charging = (resource) => {
  const period = whole(resource.inputs.period);
  if (period !== undefined && period < 60) return ["high-resolution alarms are not in the price table"];
  const metrics = list(resource.inputs.metricQueries).filter((query) => record(query)?.metric !== undefined).length;
  return [monthly("Services", "CloudWatch alarms", "alarm", Math.max(1, metrics))];
};

/** AWS managed rule groups with a separate fee (AWS, "AWS WAF pricing"). */
const PAID_RULES = /BotControl|ATPRuleSet|ACFPRuleSet|AntiDDoS/;

export const webAcl: Charging = (resource, assumptions) => {
  const rules = list(resource.inputs.rules);
  const unpriced = rules.flatMap((rule) => {
    const managed = record(record(record(rule)?.statement)?.managedRuleGroupStatement);
    const name = String(managed?.name);
    return managed !== undefined && (managed.vendorName !== "AWS" || PAID_RULES.test(name))
      ? [`the fee of the managed rule group ${name} isn't known`]
      : [];
  });
  return [
    monthly("Services", "WAF web ACLs", "webAcl.acl"),
    ...(rules.length > 0 ? [monthly("Services", "WAF rules", "webAcl.rule", rules.length)] : []),
    assumed("Services", "WAF requests", "webAcl.requests", "webAclMillionRequests", assumptions),
    ...unpriced,
  ];
};

/** A rule group: its rules are charged, and its use in a web ACL counts as a rule of the web ACL. */
export const ruleGroup: Charging = (resource) => {
  const rules = list(resource.inputs.rules).length;
  return rules > 0 ? [monthly("Services", "WAF rules", "webAcl.rule", rules)] : [];
};
