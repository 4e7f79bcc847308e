import { z } from "zod";
import { field, integerField, listField, mapField, records, secretMap, textField } from "../field";
import { sinceOf } from "../releases/facts";
import { integer, key, list, map, MOST_PEM_CHARACTERS, report, text } from "../key";
import { baseDomainFlaw } from "../rules/base-domain";
import { zoneIdFlaw } from "../rules/dns";
import { cidrFlaw } from "../rules/ranges";
import {
  accessLoggingFlaw,
  certificateFlaw,
  certificateKeyFlaw,
  eipAllocationFlaw,
  expressionFlaw,
  infraNodeFlaw,
  labelFlaws,
  serverCertificateArnFlaw,
  shardNameFlaw,
  shardSubnetFlaw,
  tolerationFlaw,
} from "../rules/router-shards-fields";

/** Replicas of one router; this project's choice, far above what a cluster needs. */
const MOST_REPLICAS = 50;

/** AWS's own rule groups that suit any site (AWS WAF developer guide, "Baseline rule groups" and "IP reputation rule groups"). */
const RULE_GROUPS = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesAnonymousIpList",
  "AWSManagedRulesAdminProtectionRuleSet",
  "AWSManagedRulesSQLiRuleSet",
  "AWSManagedRulesLinuxRuleSet",
  "AWSManagedRulesUnixRuleSet",
  "AWSManagedRulesPHPRuleSet",
  "AWSManagedRulesWordPressRuleSet",
] as const;
type RuleGroup = (typeof RULE_GROUPS)[number];
const BASELINE: RuleGroup[] = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesAmazonIpReputationList",
];

const requirement = z
  .strictObject({
    key: textField(),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
    values: listField(),
  })
  .check((context) => {
    const found = expressionFlaw(context.value);
    if (found) report(context, found);
  });

const selector = z.strictObject({
  matchLabels: mapField(labelFlaws).optional(),
  matchExpressions: z.array(requirement).max(20).optional(),
});

const seconds = (description: string, most: number) => field(integerField(1, most).optional(), description);

const waf = z.strictObject({
  certificateArn: textField(serverCertificateArnFlaw).optional(),
  allowedRanges: listField(cidrFlaw, 60),
  ruleGroups: z.array(z.enum(RULE_GROUPS)).max(RULE_GROUPS.length).default(BASELINE),
  rateLimit: integerField(10, 2_000_000_000).optional(),
  alwaysAllowed: listField(cidrFlaw),
  blocked: listField(cidrFlaw),
});

const shard = z.strictObject({
  name: field(textField(shardNameFlaw), "Name of the IngressController."),
  domain: field(
    textField(baseDomainFlaw),
    "Its routes are named below it. Below the cluster's own domain the cluster writes the wildcard record, elsewhere this program does.",
  ),
  scope: field(z.enum(["External", "Internal"]), "Whether its load balancer is on the internet. Another scope makes the shard anew."),
  replicas: field(
    integerField(1, MOST_REPLICAS).optional(),
    "Pods of its router; without it 2, and one on each of its machines behind a WAF.",
  ),
  namespaceSelector: field(
    selector,
    "Namespaces whose routes it serves, by one label: `In`, `Exists` or one of `matchLabels`. The default router leaves them out, whole.",
  ),
  routeSelector: field(selector.default({}), "Routes that it serves, of those in its namespaces."),
  infraNodes: field(
    listField(infraNodeFlaw),
    "Infra machines, such as `infra-0`, that its router runs on; their nodes are labelled for it. Needed behind a WAF.",
  ),
  nodeSelector: field(mapField(labelFlaws).default({}), "Labels of the nodes that its router may run on."),
  tolerations: field(
    listField(tolerationFlaw),
    "Taints that its router bears, as `kubectl taint` has them: `key=value:NoSchedule`, `key:NoExecute`.",
  ),
  loadBalancer: field(
    z.enum(["NLB", "Classic"]).optional(),
    "Type of its load balancer; without it NLB for External, Classic for Internal.",
  ),
  allowedSourceRanges: field(listField(cidrFlaw), "Ranges that reach its load balancer; without any everywhere."),
  subnetIds: field(
    listField(shardSubnetFlaw, 10),
    `Subnets of its load balancer, from release ${sinceOf("router-subnets")} on; without any the cluster finds them by their tags.`,
  ),
  eipAllocationIds: field(
    listField(eipAllocationFlaw, 10),
    `Fixed addresses of an external NLB, one for each of \`subnetIds\`, from release ${sinceOf("router-subnets")} on.`,
  ),
  zoneId: field(
    textField(zoneIdFlaw).optional(),
    "Public hosted zone for the record of a domain that is not below the cluster's, or of a WAF's.",
  ),
  certificate: field(
    textField(certificateFlaw, MOST_PEM_CHARACTERS).optional(),
    "PEM certificate of `*.<domain>` with its chain; its key is in `routerCertificateKeys`. Without it the cluster makes one that browsers don't know.",
  ),
  accessLogging: field(
    textField(accessLoggingFlaw).optional(),
    "Where every request is logged: `Container`, one beside the router, or a syslog server, `<IP address>:<port>`.",
  ),
  hsts: field(
    z
      .strictObject({
        maxAge: integerField(1, 2_147_483_647),
        includeSubDomains: z.boolean().default(false),
        preload: z.boolean().default(false),
      })
      .optional(),
    "HSTS that every new route below its domain must ask for (`haproxy.router.openshift.io/hsts_header`): seconds at least, and flags.",
  ),
  idleTimeout: seconds("Seconds after which a Classic load balancer closes a silent connection.", 4000),
  clientTimeout: seconds("Seconds that a client may take for a request.", 86_400),
  serverTimeout: seconds("Seconds that an application may take for an answer.", 86_400),
  tunnelTimeout: seconds("Seconds that a WebSocket may be silent.", 604_800),
  forwardedHeaderPolicy: field(
    z.enum(["Append", "Replace", "IfNone", "Never"]).optional(),
    "What its router does with `Forwarded` and `X-Forwarded-*`; without it Append, and IfNone behind a WAF.",
  ),
  tlsProfile: field(z.enum(["Old", "Intermediate", "Modern"]).optional(), "TLS versions and ciphers; without it the cluster's."),
  namespaceOwnership: field(
    z.enum(["Strict", "InterNamespaceAllowed"]).optional(),
    "Whether several namespaces may have routes of one host name; without it Strict.",
  ),
  wildcardRoutes: field(z.boolean().default(false), "Whether routes may be wildcards themselves."),
  waf: field(
    waf.optional(),
    "An application load balancer with a WAF in front of an External shard. certificateArn: of ACM, without it one is requested; allowedRanges: that " +
      "reach it, without any everywhere; rateLimit: requests of one address in five minutes; alwaysAllowed and blocked: ranges that no other rule is asked about.",
  ),
});

/** Routers besides the default one, and what the default one is set to. */
export const routerShardKeys = {
  routerShards: key(records(shard, { most: 20, unique: "name" }), {
    description:
      "Routers besides the default one, each with its own domain and load balancer, for the namespaces and routes that it selects.",
    allowed: "a list of shards, no two of which can admit the same route",
    example:
      '[{"name":"public","domain":"public.dev.okd.example.com","scope":"External","namespaceSelector":{"matchLabels":{"exposure":"public"}}}]',
    source: "OpenShift (IngressController)",
  }),
  routerCertificateKeys: key(
    secretMap((value) => certificateKeyFlaw(value)),
    {
      description: "Private keys of the shards' certificates, each under its shard's name.",
      allowed: "PEM private keys without a passphrase",
      example: '{"public":"-----BEGIN PRIVATE KEY-----…"}',
      source: "OpenShift (IngressController, spec.defaultCertificate)",
      secret: true,
    },
  ),
  defaultRouterReplicas: key(integer(0, MOST_REPLICAS, 0), {
    description: "Pods of the default router; 0 leaves them to the cluster.",
    example: "3",
    source: "OpenShift (IngressController default, spec.replicas)",
  }),
  defaultRouterNodeSelector: key(map(labelFlaws), {
    description: "Labels of the nodes that the default router may run on.",
    allowed: "a map from label to value",
    example: '{"node-role.kubernetes.io/infra":""}',
    source: "OpenShift (IngressController default, spec.nodePlacement)",
    whenEmpty: "infra nodes, where there is one for each of its pods; else every worker",
  }),
  defaultRouterTolerations: key(list(tolerationFlaw, { most: 20 }), {
    description: "Taints that the default router bears.",
    allowed: "taints as kubectl taint has them: key=value:NoSchedule, key:NoExecute",
    example: '["node-role.kubernetes.io/infra:NoSchedule"]',
    source: "OpenShift (IngressController default, spec.nodePlacement)",
    whenEmpty: "that of infra nodes, where it runs there; else none",
  }),
  defaultRouterAllowedSourceRanges: key(list(cidrFlaw, { most: 60 }), {
    description:
      "Ranges that reach the default router's load balancer, the console and the login among what is behind it. The addresses that the cluster's own requests come from are added: those of the NAT gateways, or with publish Internal the machines' ranges. Behind a proxy, a transit gateway or an appliance they are not known and have to be in the list.",
    allowed: "IPv4 ranges",
    example: '["198.51.100.0/24"]',
    source: "OpenShift (IngressController default, allowedSourceRanges)",
    whenEmpty: "everywhere",
  }),
  defaultRouterAccessLogging: key(text(accessLoggingFlaw), {
    description: "Where every request at the default router is logged.",
    allowed: "Container, or a syslog server as <IP address>:<port>",
    example: "10.0.0.9:514",
    source: "OpenShift (IngressController default, spec.logging)",
    whenEmpty: "no access log",
  }),
} as const;

/** A shard as the configuration has it, defaults filled in. */
export type ShardSettings = z.output<typeof shard>;
