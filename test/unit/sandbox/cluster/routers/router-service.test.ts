/** The Service of a router with a load balancer. */
import { keptAnnotations, routerService } from "../../../../../sandbox/cluster/routers/router-service";
import { balanced, controller, facts } from "./small-router";

const owner = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "router-default", uid: "1" } };
const prefix = "service.beta.kubernetes.io/aws-load-balancer-";

function annotations(...args: Partial<Parameters<typeof routerService>>): Record<string, string> {
  const [of = controller(), about = facts] = args;
  const all = Object.entries(routerService(of, about, owner).metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]));
}

const checks = { "healthcheck-timeout": "4", "healthcheck-unhealthy-threshold": "2", "healthcheck-healthy-threshold": "2" };

test("a Classic Load Balancer speaks the PROXY protocol and is checked every 5 s", () => {
  expect(annotations()).toEqual({ "healthcheck-interval": "5", "proxy-protocol": "*", ...checks });
});

test("an internal Network Load Balancer has the named subnets and the user's tags, and is checked every 10 s", () => {
  const aws = { type: "NLB" as const, networkLoadBalancer: { subnets: { ids: ["subnet-1"], names: ["two"] } } };
  const of = balanced({ scope: "Internal", providerParameters: { type: "AWS", aws } });
  const resourceTags = [
    { key: "team", value: "network" },
    { key: "cost", value: "1" },
  ];
  expect(annotations(of, { ...facts, resourceTags })).toEqual({
    type: "nlb",
    internal: "true",
    subnets: "subnet-1,two",
    "additional-resource-tags": "team=network,cost=1",
    "healthcheck-interval": "10",
    ...checks,
  });
});

test("only the allowed CIDR blocks of an existing Service can change; another type of load balancer needs a new Service", () => {
  const present = routerService(controller(), facts, owner);
  const limited = routerService(balanced({ scope: "External", allowedSourceRanges: ["10.0.0.0/8"] }), facts, owner);
  expect(keptAnnotations(limited, present)).toEqual({ service: limited, changed: [] });
  const network = balanced({ scope: "External", providerParameters: { type: "AWS", aws: { type: "NLB" } } });
  const { service, changed } = keptAnnotations(routerService(network, facts, owner), present);
  expect(changed).toEqual([`${prefix}type`]);
  expect(service.metadata.annotations).not.toHaveProperty([`${prefix}type`]);
});
