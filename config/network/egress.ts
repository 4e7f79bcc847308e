import { type KeyProblem, type ValueProblem, setCommand, setItemCommand } from "../finding";
import type { Mirror } from "../configuration";
import { rule } from "../rule";
import { isDisconnected } from "../mirror/rules";
import { httpsIsProxied, missingProxy } from "../proxy/rules";

/** AWS services that nodes call (openshift-docs, "Installing a cluster on AWS in a restricted network"). */
const NEEDED_ENDPOINTS = ["ec2", "elasticloadbalancing"] as const;

/** With credentialsMode manual the components also call the token service to assume their roles. */
const NEEDED_WITH_ROLES = [...NEEDED_ENDPOINTS, "sts"] as const;

interface EndpointNeeds {
  readonly mode: Mirror["mode"] | "none";
  /** Whether volumes and secrets are encrypted with a customer managed key. */
  readonly hasKmsKey: boolean;
  /** Whether ssh reaches the installer host through Systems Manager. */
  readonly sessionManager: boolean;
}

/** Interface endpoints that a disconnected network needs (openshift-docs, "Installing a cluster on AWS in a restricted network"). */
export function endpointsOf({ mode, hasKmsKey, sessionManager }: EndpointNeeds): readonly EndpointService[] {
  if (!isDisconnected(mode)) return [];
  return [
    ...NEEDED_ENDPOINTS,
    // For the cluster's operators, if they use IAM roles.
    "sts",
    ...(hasKmsKey ? (["kms"] as const) : []),
    // For the installer host: its secrets, and the parameters that it publishes.
    ...(mode === "air-gapped" ? (["secretsmanager", "ssm"] as const) : []),
    // For Session Manager (AWS Systems Manager user guide, "Improve the security of EC2 instances by using VPC endpoints").
    ...(mode === "air-gapped" && sessionManager ? (["ssmmessages"] as const) : []),
  ];
}

/** AWS services with an interface endpoint that a cluster, its operators or this program call. */
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

/** Checks the name of a service for an interface endpoint. */
export function endpointProblem(service: string): ValueProblem | undefined {
  if ((ENDPOINT_SERVICES as readonly string[]).includes(service)) return undefined;
  if (service.startsWith("com.amazonaws."))
    return { wrong: "is the full name of an endpoint service", instead: service.split(".").slice(3).join(".") };
  if (service === "s3") return { wrong: "is not needed: every new VPC gets a gateway endpoint for S3" };
  if (service === "iam" || service === "route53") {
    return { wrong: "has no VPC endpoint", fix: "use httpsProxy for this service, or dnsManagement user and existing roles" };
  }
  return { wrong: "is not a service that a cluster calls through an endpoint" };
}

/** Instances in private subnets must be able to pull images and to call AWS. */
export const privateSubnetsHaveEgress = rule(
  ["vpcId", "natGateways", "httpsProxy", "noProxy", "releaseImage", "vpcEndpoints", "credentialsMode", "mirror"],
  ({ vpcId, natGateways, httpsProxy, noProxy, releaseImage, vpcEndpoints, credentialsMode, mirror }): KeyProblem[] => {
    if (isDisconnected(mirror) || vpcId !== "" || natGateways !== "none" || httpsIsProxied({ httpsProxy, noProxy })) return [];
    const needed: readonly string[] = credentialsMode === "manual" ? NEEDED_WITH_ROLES : NEEDED_ENDPOINTS;
    const missing = needed.filter((service) => !vpcEndpoints.includes(service));
    return [
      ...(releaseImage === ""
        ? [
            {
              key: "natGateways",
              wrong: `is none, but there is neither ${missingProxy(noProxy)} nor releaseImage in a mirror, so no instance could pull an image`,
              allowed: "none only with httpsProxy, or with releaseImage in a registry that the VPC can reach",
              fix: `${setCommand("natGateways", "per-zone")}, or ${setCommand("httpsProxy", "http://proxy.example.com:3128")}`,
            },
          ]
        : []),
      ...(missing.length > 0
        ? [
            {
              key: "vpcEndpoints",
              wrong: `lacks ${missing.join(" and ")}, but there is no NAT gateway and no ${missingProxy(noProxy)}, so instances could not call AWS`,
              allowed: `at least ${needed.join(" and ")} without NAT gateways`,
              fix: missing.map((service, index) => setItemCommand("vpcEndpoints", vpcEndpoints.length + index, service)).join(" && "),
            },
          ]
        : []),
    ];
  },
);
