import { type Finding, type Flaw, setCommand, setItemCommand } from "../finding";
import type { Mirror } from "../configuration";
import { rule } from "../rule";
import { cutsNodesOff } from "./mirror";
import { httpsIsProxied, missingProxy } from "./proxy";

/** What nodes call by AWS's names at run time (openshift-docs, "Installing a cluster on AWS in a restricted network"). */
const NEEDED_ENDPOINTS = ["ec2", "elasticloadbalancing"] as const;

/** And where the components assume roles, the token service. */
const NEEDED_WITH_ROLES = [...NEEDED_ENDPOINTS, "sts"] as const;

interface EndpointUsers {
  readonly mode: Mirror["mode"] | "none";
  /** Whether volumes and secrets are encrypted with a key of the user's. */
  readonly hasKmsKey: boolean;
  /** Whether ssh reaches the installer host through Systems Manager. */
  readonly sessionManager: boolean;
}

/** What further endpoints a network without any way out needs, and for whom (reference, section 2). */
export function endpointsOf({ mode, hasKmsKey, sessionManager }: EndpointUsers): readonly EndpointService[] {
  if (!cutsNodesOff(mode)) return [];
  return [
    ...NEEDED_ENDPOINTS,
    // The cluster's operators, once their credentials are roles.
    "sts",
    ...(hasKmsKey ? (["kms"] as const) : []),
    // The installer host, for its secrets and for what it publishes.
    ...(mode === "air-gapped" ? (["secretsmanager", "ssm"] as const) : []),
    // And for sessions of Systems Manager (AWS Systems Manager user guide, "Improve the security of EC2 instances by using VPC endpoints").
    ...(mode === "air-gapped" && sessionManager ? (["ssmmessages"] as const) : []),
  ];
}

/** Services that have an interface endpoint and that a cluster, its operators or this program call. */
export const ENDPOINT_SERVICES = [
  "ec2",
  "elasticloadbalancing",
  "sts",
  "kms",
  "tagging",
  "ecr.api",
  "ecr.dkr",
  "elasticfilesystem",
  "logs",
  "monitoring",
  "secretsmanager",
  "ssm",
  "ssmmessages",
  "ec2messages",
] as const;

type EndpointService = (typeof ENDPOINT_SERVICES)[number];

/** Whether an interface endpoint can be made for a service. */
export function endpointFlaw(service: string): Flaw | undefined {
  if ((ENDPOINT_SERVICES as readonly string[]).includes(service)) return undefined;
  if (service.startsWith("com.amazonaws.")) return { wrong: "is a full name", instead: service.split(".").slice(3).join(".") };
  if (service === "s3") return { wrong: "is not needed: every new VPC gets a gateway endpoint for S3" };
  if (service === "iam" || service === "route53") {
    return { wrong: "has no endpoint in a region", fix: "use httpsProxy for this service, or dnsManagement user and roles of your own" };
  }
  return { wrong: "is not a service that a cluster calls through an endpoint" };
}

/** Machines in private subnets have a way to images and to AWS. */
export const privateSubnetsHaveAWayOut = rule(
  ["vpcId", "natGateways", "httpsProxy", "noProxy", "releaseImage", "vpcEndpoints", "credentialsMode", "mirror"],
  ({ vpcId, natGateways, httpsProxy, noProxy, releaseImage, vpcEndpoints, credentialsMode, mirror }): Finding[] => {
    if (cutsNodesOff(mirror) || vpcId !== "" || natGateways !== "none" || httpsIsProxied({ httpsProxy, noProxy })) return [];
    const needed: readonly string[] = credentialsMode === "manual" ? NEEDED_WITH_ROLES : NEEDED_ENDPOINTS;
    const missing = needed.filter((service) => !vpcEndpoints.includes(service));
    return [
      ...(releaseImage === ""
        ? [
            {
              key: "natGateways",
              wrong: `is none, and there is neither ${missingProxy(noProxy)} nor a release image in a mirror: no machine could pull an image`,
              allowed: "none only with httpsProxy, or with releaseImage in a registry that the VPC reaches",
              fix: `${setCommand("natGateways", "per-zone")}, or ${setCommand("httpsProxy", "http://proxy.example.com:3128")}`,
            },
          ]
        : []),
      ...(missing.length > 0
        ? [
            {
              key: "vpcEndpoints",
              wrong: `lacks ${missing.join(" and ")}, but there is no NAT gateway and no ${missingProxy(noProxy)}: machines could not call AWS`,
              allowed: `at least ${needed.join(" and ")} without NAT gateways`,
              fix: missing.map((service, index) => setItemCommand("vpcEndpoints", vpcEndpoints.length + index, service)).join(" && "),
            },
          ]
        : []),
    ];
  },
);
