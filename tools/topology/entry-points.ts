import { listValue, recordValue, type Resource, textValue } from "../../lib/pulumi/resource";
import type { PlacedInstance } from "./machines";
import type { DiagramLoadBalancer, DiagramListener, Router } from "./model";
import { resourceName } from "../../lib/pulumi/urn";
import type { StackResources } from "../../lib/pulumi/stack-resources";
import { unique } from "./unique";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** The stack's load balancers, the public ones first. */
export function balancersOf(stack: StackResources, machines: readonly PlacedInstance[]): DiagramLoadBalancer[] {
  const groupOf = new Map(machines.map(({ urn, group }) => [urn, group]));
  const groupByAddress = new Map(
    stack.all(/^aws:ec2\/instance:/).map((machine) => [textValue(machine.outputs?.privateIp) ?? machine.id, groupOf.get(machine.urn)]),
  );
  const targets = new Map<string, string[]>();
  for (const attachment of stack.all(/^aws:lb\/targetGroupAttachment:/)) {
    const target = stack.referenced(attachment, "targetId", "aws:ec2/instance:Instance");
    const group = groupOf.get(target?.urn ?? "") ?? groupByAddress.get(textValue(attachment.inputs.targetId)) ?? "others";
    const key = stack.referenced(attachment, "targetGroupArn", TARGET_GROUP)?.urn ?? "";
    targets.set(key, [...(targets.get(key) ?? []), group]);
  }
  const listeners = stack.all(/^aws:lb\/listener:/);
  return stack
    .all(/^aws:lb\/loadBalancer:/)
    .map((balancer) => ({
      name: textValue(balancer.inputs.name) ?? resourceName(balancer.urn),
      public: balancer.inputs.internal !== true,
      listeners: listeners
        .filter((listener) => stack.referenced(listener, "loadBalancerArn", BALANCER)?.urn === balancer.urn)
        .sort((one, other) => Number(one.inputs.port) - Number(other.inputs.port))
        .map((listener): DiagramListener => ({
          port: `${String(listener.inputs.protocol).toLowerCase()} ${String(listener.inputs.port)}`,
          targets: unique(forwardedTo(listener, stack).flatMap((urn) => targets.get(urn) ?? [])),
        })),
    }))
    .sort((one, other) => Number(other.public) - Number(one.public) || (one.name < other.name ? -1 : 1));
}

/** URNs of the target groups that a listener forwards to. */
function forwardedTo(listener: Resource, stack: StackResources): string[] {
  const arns = listValue(listener.inputs.defaultActions).flatMap((action) => textValue(recordValue(action)?.targetGroupArn) ?? []);
  const named = { ...listener, inputs: { ...listener.inputs, defaultActions: arns } };
  return stack.allReferenced(named, "defaultActions", TARGET_GROUP).map(({ urn }) => urn);
}

/** The routers: the default router, which every cluster creates, and the routers that the stack declares. */
export function routersOf(stack: StackResources, cluster: string | undefined, balancers: readonly DiagramLoadBalancer[]): Router[] {
  const declared = stack.all(/^kubernetes:operator\.openshift\.io\/.*:IngressController(Patch)?$/);
  const own = declared.filter((one) => routerName(one) === "default");
  const installed = stack.all(/^okd:installer:Installation$/).length > 0;
  // Values that openshift-install sets for the default router: the domain, and that the router is public if the API is
  // public. These values apply if the stack declares no others.
  const domain = cluster === undefined ? "" : `*.apps.${cluster}`;
  const byDefault: Router = { name: "default", domain, public: balancers.some((balancer) => balancer.public), ranges: [] };
  return [
    ...(installed || own.length > 0 ? [routerOf(byDefault, ...own)] : []),
    ...declared
      .filter((one) => routerName(one) !== "default")
      .map((one) => routerOf({ name: routerName(one), domain: "", public: false, ranges: [] }, one)),
  ];
}

function routerName({ inputs }: Resource): string {
  return textValue(recordValue(inputs.metadata)?.name) ?? "of unknown name";
}

/** A router from the objects that declare it; a patch has only the fields that it changes. */
function routerOf(router: Router, ...objects: readonly Resource[]): Router {
  return objects.reduce((known: Router, object) => {
    const spec = recordValue(object.inputs.spec);
    const loadBalancer = recordValue(recordValue(spec?.endpointPublishingStrategy)?.loadBalancer);
    const [domain, scope] = [textValue(spec?.domain), textValue(loadBalancer?.scope)];
    const ranges = listValue(loadBalancer?.allowedSourceRanges).flatMap((range) => textValue(range) ?? []);
    return {
      ...known,
      ...(domain !== undefined && { domain: `*.${domain}` }),
      ...(scope !== undefined && { public: scope === "External" }),
      ...(ranges.length > 0 && { ranges }),
    };
  }, router);
}
