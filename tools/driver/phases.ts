/** A part of an installation, as shown to users. */
export type UpdatePhase =
  | "identity"
  | "network"
  | "load balancers"
  | "DNS"
  | "IAM"
  | "installer"
  | "bootstrap"
  | "machines"
  | "installation"
  | "cleanup"
  | "platform"
  | "other";

/**
 * The phase of each resource: the first row whose pattern matches the part of its URN after the project, `types::name`, where `types` lists
 * the types of the parents and of the resource, such as `parent$child`.
 */
const table: readonly (readonly [UpdatePhase, RegExp])[] = [
  ["cleanup", /^okd:cleanup:/],
  ["installation", /::(bootstrap-complete|install-complete|installed|certificate-approver)|^command:local:Command::installer-host-health/],
  ["bootstrap", /^okd:machines:Bootstrap/],
  ["machines", /^okd:machines:/],
  ["platform", /^okd:storage:SharedFileSystem/],
  ["installer", /^okd:(installer|storage):/],
  ["load balancers", /^okd:network:LoadBalancers|^aws:(lb|elb|alb)\//],
  ["DNS", /^okd:network:(PrivateZone|ApiRecords)|^aws:route53\//],
  ["network", /^okd:network:|^aws:(vpc|ec2\/(?!instance:))/],
  ["IAM", /^okd:(iam|credentials):|^aws:iam\//],
  ["machines", /^aws:ec2\/instance:/],
  ["platform", /^okd:cluster:|^kubernetes:/],
  ["identity", /^pulumi-nodejs:dynamic\/okd:/],
];

/** The phase of a resource. */
export function phaseOf(urn: string): UpdatePhase {
  const resource = urn.split("::").slice(2).join("::");
  return table.find(([, pattern]) => pattern.test(resource))?.[0] ?? "other";
}
