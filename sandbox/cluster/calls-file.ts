import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** Actions that change nothing in AWS. */
const reads = /:(Describe|Get|List|Head|Lookup|Simulate)/;

/** The emulated AWS's record of calls, read as it grows. The record only shows that AWS should be read again, and not which resource has changed. */
export class CallsFile {
  /** Whether an instance was ever launched. */
  hasMachines = false;
  private position = 0;
  private rest = "";

  constructor(private readonly file: string) {}

  /** Whether AWS was changed since the last call of this function. */
  changed(): boolean {
    const lines = this.next();
    const writes = lines.filter((line) => !reads.test(line.slice(0, 200)));
    this.hasMachines ||= writes.some((line) => line.includes('"ec2:RunInstances"'));
    return writes.length > 0;
  }

  private next(): string[] {
    if (!existsSync(this.file)) return [];
    const descriptor = openSync(this.file, "r");
    try {
      const { size } = fstatSync(descriptor);
      if (size < this.position) [this.position, this.rest] = [0, ""];
      if (size === this.position) return [];
      const buffer = Buffer.alloc(size - this.position);
      this.position += readSync(descriptor, buffer, 0, buffer.length, this.position);
      const lines = (this.rest + buffer.toString("utf8")).split("\n");
      this.rest = lines.pop() ?? "";
      return lines;
    } finally {
      closeSync(descriptor);
    }
  }
}
