import type { Flaw } from "../finding";

/** The resources that are named by an ID, with the prefix that AWS gives it. */
const PREFIXES = { VPC: "vpc", subnet: "subnet", "security group": "sg", "machine image": "ami" } as const;

/** A check for the ID of one kind of resource: eight hexadecimal digits, or the seventeen of today (EC2 user guide, "Resource IDs"). */
export function idFlaw(kind: keyof typeof PREFIXES): (id: string) => Flaw | undefined {
  const form = new RegExp(`^${PREFIXES[kind]}-([0-9a-f]{8}|[0-9a-f]{17})$`);
  return (id) => (form.test(id) ? undefined : { wrong: `is not the ID of a ${kind}, such as ${PREFIXES[kind]}-0123456789abcdef0` });
}
