import { z } from "zod";
import { arnProblem } from "../arn";
import { field, integerField, listField, mapField, records, secretMap, textField } from "../field";
import { sinceOf } from "../releases/facts";
import { integer, key, list, map, MAX_PEM_CHARACTERS, reportProblem, text } from "../key";
import { baseDomainProblem } from "../cluster/fields";
import { zoneIdProblem } from "../dns/fields";
import { cidrProblem } from "../network/fields";
import {
  accessLoggingProblem,
  certificateProblem,
  certificateKeyProblem,
  eipAllocationProblem,
  expressionProblem,
  infraNodeProblem,
  labelProblems,
  shardNameProblem,
  shardSubnetProblem,
  tolerationProblem,
} from "./fields";

/** Largest number of replicas of one router; this project's choice, far more than a cluster needs. */
const MAX_REPLICAS = 50;

/** AWS managed rule groups that a shard can use (AWS WAF developer guide, "AWS Managed Rules rule groups list"). */
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
/** The default: rule groups that suit any site (AWS WAF developer guide, "Baseline rule groups" and "IP reputation rule groups"). */
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
    const found = expressionProblem(context.value);
    if (found) reportProblem(context, found);
  });

const selector = z.strictObject({
  matchLabels: mapField(labelProblems).optional(),
  matchExpressions: z.array(requirement).max(20).optional(),
});

const seconds = (description: string, max: number) => field(integerField(1, max).optional(), description);

const waf = z.strictObject({
  certificateArn: textField(arnProblem("certificate")).optional(),
  allowedRanges: listField(cidrProblem, 60),
  ruleGroups: z.array(z.enum(RULE_GROUPS)).max(RULE_GROUPS.length).default(BASELINE),
  rateLimit: integerField(10, 2_000_000_000).optional(),
  alwaysAllowed: listField(cidrProblem),
  blocked: listField(cidrProblem),
});

const shard = z.strictObject({
  name: field(textField(shardNameProblem), "Name of the IngressController."),
  domain: field(
    textField(baseDomainProblem),
    "Domain of the shard's routes. If it is below the cluster's own domain, the cluster writes the wildcard record; otherwise this program does.",
  ),
  scope: field(
    z.enum(["External", "Internal"]),
    "Whether the shard's load balancer is internet-facing (External) or internal, reachable only from the VPC and networks connected to it (Internal). A changed scope replaces the shard.",
  ),
  replicas: field(
    integerField(1, MAX_REPLICAS).optional(),
    "Number of router pods; if not set, 2, or with waf one on each node of infraNodes.",
  ),
  namespaceSelector: field(
    selector,
    "Namespaces whose routes the shard serves, by one label: `In`, `Exists` or one of `matchLabels`. The default router then serves no route of these namespaces.",
  ),
  routeSelector: field(
    selector.default({}),
    "Routes that the shard serves in the namespaces of `namespaceSelector`; `{}` means all of them.",
  ),
  infraNodes: field(
    listField(infraNodeProblem),
    "Infra nodes, such as `infra-0`, on which the shard's router runs; the program labels these nodes. Required with waf.",
  ),
  nodeSelector: field(mapField(labelProblems).default({}), "Labels of the nodes on which the shard's router may run."),
  tolerations: field(
    listField(tolerationProblem),
    "Taints that the shard's router tolerates, written as for `kubectl taint`: `key=value:NoSchedule`, `key:NoExecute`.",
  ),
  loadBalancer: field(
    z.enum(["NLB", "Classic"]).optional(),
    "Type of the shard's load balancer; if not set, NLB for External, Classic for Internal.",
  ),
  allowedSourceRanges: field(listField(cidrProblem), "CIDR blocks that may reach the shard's load balancer; if empty, all addresses."),
  subnetIds: field(
    listField(shardSubnetProblem, 10),
    `Subnets of the shard's load balancer, from release ${sinceOf("router-subnets")} on; if empty, the cluster finds them by their tags.`,
  ),
  eipAllocationIds: field(
    listField(eipAllocationProblem, 10),
    `Elastic IP addresses of an external NLB, one for each of \`subnetIds\`, from release ${sinceOf("router-subnets")} on.`,
  ),
  zoneId: field(
    textField(zoneIdProblem).optional(),
    "Public hosted zone for the shard's DNS record; required with waf, or if the domain is not below the cluster's.",
  ),
  certificate: field(
    textField(certificateProblem, MAX_PEM_CHARACTERS).optional(),
    "PEM certificate of `*.<domain>` with its chain; its key is in `routerCertificateKeys`. If not set, the cluster creates one that browsers don't trust.",
  ),
  accessLogging: field(
    textField(accessLoggingProblem).optional(),
    "Where every request is logged: `Container`, a container in the router's pod, or a syslog server, `<IP address>:<port>`.",
  ),
  hsts: field(
    z
      .strictObject({
        maxAge: integerField(1, 2_147_483_647),
        includeSubDomains: z.boolean().default(false),
        preload: z.boolean().default(false),
      })
      .optional(),
    "HSTS policy that every new route below the shard's domain must meet (`haproxy.router.openshift.io/hsts_header`): the minimum maxAge in seconds, and the required flags.",
  ),
  idleTimeout: seconds("Seconds after which a Classic load balancer closes an idle connection.", 4000),
  clientTimeout: seconds("Seconds to wait for a client's request.", 86_400),
  serverTimeout: seconds("Seconds to wait for an application's response.", 86_400),
  tunnelTimeout: seconds("Seconds that a WebSocket may be idle.", 604_800),
  forwardedHeaderPolicy: field(
    z.enum(["Append", "Replace", "IfNone", "Never"]).optional(),
    "How the shard's router handles the headers `Forwarded` and `X-Forwarded-*`; if not set, Append, or with waf IfNone.",
  ),
  tlsProfile: field(z.enum(["Old", "Intermediate", "Modern"]).optional(), "TLS versions and ciphers; if not set, the cluster's."),
  namespaceOwnership: field(
    z.enum(["Strict", "InterNamespaceAllowed"]).optional(),
    "Whether several namespaces may have routes with the same host name; if not set, Strict.",
  ),
  wildcardRoutes: field(z.boolean().default(false), "Whether wildcard routes are admitted."),
  waf: field(
    waf.optional(),
    "Application Load Balancer with a WAF in front of an External shard. certificateArn: ACM certificate; if not set, one is requested. allowedRanges: CIDR blocks that may " +
      "reach it; if empty, all addresses. rateLimit: maximum requests of one address in five minutes. alwaysAllowed and blocked: CIDR blocks that are allowed or refused before any other rule.",
  ),
});

/** Keys for router shards and for the default router. */
export const ingressKeys = {
  routerShards: key(records(shard, { max: 20, unique: "name" }), {
    description: "Additional routers, each with its own domain and load balancer, for the namespaces and routes that they select.",
    allowed: "a list of shards; no two of them may select the same route",
    example:
      '[{"name":"public","domain":"public.dev.okd.example.com","scope":"External","namespaceSelector":{"matchLabels":{"exposure":"public"}}}]',
    source: "OpenShift (IngressController)",
  }),
  routerCertificateKeys: key(
    secretMap((value) => certificateKeyProblem(value)),
    {
      description: "Private keys of the shards' certificates, by the shard's name.",
      allowed: "PEM private keys without a passphrase",
      example: '{"public":"-----BEGIN PRIVATE KEY-----…"}',
      source: "OpenShift (IngressController, spec.defaultCertificate)",
      secret: true,
    },
  ),
  defaultRouterReplicas: key(integer(0, MAX_REPLICAS, 0), {
    description: "Number of pods of the default router; 0 means the cluster's default.",
    example: "3",
    source: "OpenShift (IngressController default, spec.replicas)",
  }),
  defaultRouterNodeSelector: key(map(labelProblems), {
    description: "Labels of the nodes on which the default router may run.",
    allowed: "a map from label to value",
    example: '{"node-role.kubernetes.io/infra":""}',
    source: "OpenShift (IngressController default, spec.nodePlacement)",
    whenEmpty: "infra nodes, if there is one for each of the router's pods; otherwise every worker",
  }),
  defaultRouterTolerations: key(list(tolerationProblem, { max: 20 }), {
    description: "Taints that the default router tolerates.",
    allowed: "taints as written for kubectl taint: key=value:NoSchedule, key:NoExecute",
    example: '["node-role.kubernetes.io/infra:NoSchedule"]',
    source: "OpenShift (IngressController default, spec.nodePlacement)",
    whenEmpty: "the taint of infra nodes if the router runs there; otherwise none",
  }),
  defaultRouterAllowedSourceRanges: key(list(cidrProblem, { max: 60 }), {
    description:
      "CIDR blocks that may reach the default router's load balancer, which also serves the console and the login. The program adds the source addresses of the cluster's own requests: the NAT gateways, or with publish Internal the instances' CIDR blocks. Behind a proxy, a transit gateway or an appliance the program does not know these addresses; add them to the list.",
    allowed: "IPv4 CIDR blocks",
    example: '["198.51.100.0/24"]',
    source: "OpenShift (IngressController default, allowedSourceRanges)",
    whenEmpty: "all addresses",
  }),
  defaultRouterAccessLogging: key(text(accessLoggingProblem), {
    description: "Where every request to the default router is logged.",
    allowed: "Container, or a syslog server as <IP address>:<port>",
    example: "10.0.0.9:514",
    source: "OpenShift (IngressController default, spec.logging)",
    whenEmpty: "no access log",
  }),
} as const;

/** A shard as configured, with defaults filled in. */
export type ShardSettings = z.output<typeof shard>;
