import type { Inventory } from "../../sandbox/aws";
import { type Kinds, listed, newIn } from "./kinds";
import type { Topology } from "./topology";

/** A tag, as EC2 and ELB spell it. */
interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** A stack that is up, and what it made: read from the account, never from the state. */
export class StandingStack {
  private readonly added: Inventory;

  constructor(
    readonly topology: Topology,
    readonly infraId: string,
    /** Everything in the account before the stack came, and while it is up. */
    readonly before: Inventory,
    readonly during: Inventory,
  ) {
    this.added = newIn(before, during);
  }

  /** What the stack made or changed. */
  made<Kind extends keyof Kinds>(region: string, kind: Kind): readonly Kinds[Kind][] {
    return listed(this.added, region, kind);
  }

  /** A thing's name without the infraID in front. */
  suffix(tags: readonly Tag[] | undefined): string {
    const name = tags?.find(({ Key }) => Key === "Name")?.Value ?? "";
    return name.startsWith(`${this.infraId}-`) ? name.slice(this.infraId.length + 1) : name;
  }
}
