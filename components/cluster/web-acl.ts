import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { WafConfiguration } from "../../config/ingress/settings";
import type { Naming } from "../naming";

type Rule = aws.types.input.wafv2.WebAclRule;

/** Days that log entries are kept. This project's choice. */
const logDays = 90;

/** Headers whose values are not logged, because they are secrets. */
const REDACTED_HEADERS = ["authorization", "cookie"];

export interface WebAclArgs {
  readonly naming: Naming;
  readonly shard: string;
  readonly waf: Pick<WafConfiguration, "ruleGroups" | "rateLimit" | "alwaysAllowed" | "blocked">;
}

/**
 * A web ACL that allows every request which no rule blocks. Every request is counted in metrics, and logged without the headers that hold
 * credentials.
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { naming, shard, waf }: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:WebAcl", name, {}, opts);
    const parent = { parent: this };
    const named = { ...parent, deleteBeforeReplace: true };
    const tags = naming.tags(`${shard}-waf`);
    const ipSet = (kind: string, addresses: readonly string[]) =>
      new aws.wafv2.IpSet(
        `${name}-${kind}`,
        { name: naming.name(`${shard}-${kind}`), scope: "REGIONAL", ipAddressVersion: "IPV4", addresses: [...addresses], tags },
        named,
      );
    const ofAddresses = (kind: "allowed" | "blocked", addresses: readonly string[]): Omit<Rule, "priority">[] => {
      if (addresses.length === 0) return [];
      const statement = { ipSetReferenceStatement: { arn: ipSet(kind, addresses).arn } };
      return [
        { name: kind, action: kind === "allowed" ? { allow: {} } : { block: {} }, statement, visibilityConfig: visibilityConfig(kind) },
      ];
    };
    const rules: Omit<Rule, "priority">[] = [
      ...ofAddresses("blocked", waf.blocked),
      ...ofAddresses("allowed", waf.alwaysAllowed),
      ...(waf.rateLimit === undefined ? [] : [rateRule(waf.rateLimit)]),
      ...waf.ruleGroups.map(managedRule),
    ];
    const acl = new aws.wafv2.WebAcl(
      name,
      {
        name: naming.name(`${shard}-waf`),
        description: `Requests to the router ${shard}`,
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: rules.map((rule, priority) => ({ ...rule, priority })),
        visibilityConfig: visibilityConfig(shard),
        tags,
      },
      named,
    );
    const log = new aws.cloudwatch.LogGroup(
      name,
      // AWS WAF writes only to log groups whose names start like this (AWS WAF developer guide, "Logging to CloudWatch Logs").
      { name: naming.name(shard).apply((full) => `aws-waf-logs-${full}`), retentionInDays: logDays, tags },
      named,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      name,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        redactedFields: REDACTED_HEADERS.map((header) => ({ singleHeader: { name: header } })),
      },
      parent,
    );
    this.arn = acl.arn;
    this.registerOutputs();
  }
}

function rateRule(limit: number): Omit<Rule, "priority"> {
  const statement = { rateBasedStatement: { limit, aggregateKeyType: "IP" } };
  return { name: "rate", action: { block: {} }, statement, visibilityConfig: visibilityConfig("rate") };
}

/** A rule group managed by AWS, with its rules' own actions. */
function managedRule(name: string): Omit<Rule, "priority"> {
  const statement = { managedRuleGroupStatement: { vendorName: "AWS", name } };
  return { name, overrideAction: { none: {} }, statement, visibilityConfig: visibilityConfig(name) };
}

function visibilityConfig(metricName: string): Rule["visibilityConfig"] {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
