import type { Inventory } from "@okd-aws/sandbox/aws";
import { type Kinds, listed, newIn } from "./kinds";
import type { Topology } from "./topology";

/** A tag, as EC2 and ELB spell it. */
interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** A stack that is up, and its resources, which are read from the account and never from the state. */
export class StandingStack {
  private readonly added: Inventory;

  constructor(
    readonly topology: Topology,
    readonly infraId: string,
    /** All resources of the account before the stack existed, and while it is up. */
    readonly before: Inventory,
    readonly during: Inventory,
  ) {
    this.added = newIn(before, during);
  }

  /** The resources that the stack created or changed. */
  made<Kind extends keyof Kinds>(region: string, kind: Kind): readonly Kinds[Kind][] {
    return listed(this.added, region, kind);
  }

  /** The name of a resource without the infraID. */
  suffix(tags: readonly Tag[] | undefined): string {
    const name = tags?.find(({ Key }) => Key === "Name")?.Value ?? "";
    return name.startsWith(`${this.infraId}-`) ? name.slice(this.infraId.length + 1) : name;
  }
}
