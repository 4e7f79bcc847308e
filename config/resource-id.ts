import type { ValueProblem } from "./problem";

/** Prefixes of AWS resource IDs by kind. */
const PREFIXES = { VPC: "vpc", subnet: "subnet", "security group": "sg", "machine image": "ami" } as const;

/** Returns a check for the ID of one kind of resource: eight hexadecimal digits (old) or seventeen (EC2 user guide, "Resource IDs"). */
export function idProblem(kind: keyof typeof PREFIXES): (id: string) => ValueProblem | undefined {
  const form = new RegExp(`^${PREFIXES[kind]}-([0-9a-f]{8}|[0-9a-f]{17})$`);
  return (id) => (form.test(id) ? undefined : { wrong: `is not the ID of a ${kind}, such as ${PREFIXES[kind]}-0123456789abcdef0` });
}
