import { type Resource, textValue } from "../../lib/pulumi/resource";
import type { Flow } from "./model";
import { securityGroupName } from "./machines";
import { resourceName } from "../../lib/pulumi/urn";
import type { StackResources } from "../../lib/pulumi/stack-resources";

const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** The traffic that security groups allow, by source and destination. */
export function flowsOf(stack: StackResources, range: string | undefined): Flow[] {
  const flows = new Map<string, { from: string; to: string; outside: boolean; ports: Port[] }>();
  const groupName = (rule: Resource, property: string) => {
    const group = stack.referenced(rule, property, SECURITY_GROUP);
    return group === undefined ? (textValue(rule.inputs[property]) ?? "another group") : securityGroupName(group);
  };
  for (const rule of stack.all(/^aws:vpc\/securityGroupIngressRule:/)) {
    const to = groupName(rule, "securityGroupId");
    const address = textValue(rule.inputs.cidrIpv4) ?? textValue(rule.inputs.cidrIpv6);
    const from = address ?? groupName(rule, "referencedSecurityGroupId");
    const outside = address !== undefined && address !== range && !isOfMachineNetwork(rule);
    const key = JSON.stringify([from, to]);
    const flow = flows.get(key) ?? { from, to, outside, ports: [] };
    flow.ports.push(portOf(rule));
    flows.set(key, flow);
  }
  return [...flows.values()]
    .sort((one, other) => Number(other.outside) - Number(one.outside) || compare(one.to, other.to) || compare(one.from, other.from))
    .map(({ ports, ...flow }) => ({ ...flow, ports: [...new Set(ports.sort(byPort).map(({ shown }) => shown))] }));
}

interface Port {
  readonly protocol: string;
  readonly first: number;
  readonly shown: string;
}

/** IANA's protocol number of ESP: EC2 has no name for it. */
const PROTOCOLS: Readonly<Record<string, string>> = { "-1": "everything", "50": "esp" };

function portOf({ inputs: { fromPort, toPort, ipProtocol } }: Resource): Port {
  const given = textValue(ipProtocol) ?? "";
  const protocol = PROTOCOLS[given] ?? given;
  if (typeof fromPort !== "number" || typeof toPort !== "number" || fromPort < 0) return { protocol, first: -1, shown: protocol };
  return { protocol, first: fromPort, shown: `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}` };
}

const byPort = (one: Port, other: Port) =>
  compare(one.protocol, other.protocol) || one.first - other.first || compare(one.shown, other.shown);
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Whether the source of a rule is a CIDR block of a machine network. The function looks at the rule's name, because in an existing VPC no
 * resource of the stack has this CIDR block.
 */
function isOfMachineNetwork(rule: Resource): boolean {
  return resourceName(rule.urn).includes("-from-machine-network-");
}
