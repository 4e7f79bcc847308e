/** A way that leads nowhere on this machine, with the reason; the next way is tried. */
export class Unavailable extends Error {
  override readonly name: string = "Unavailable";
}

/** A way that needs a program which this machine lacks. */
export class MissingProgram extends Unavailable {
  override readonly name = "MissingProgram";

  constructor(
    reason: string,
    /** What to install, for people: "Go 1.26 or newer (https://go.dev/dl)". */
    readonly install: string,
  ) {
    super(reason);
  }
}

/** A file that is not what its vendor published. Somebody may have tampered with it: no other way is tried. */
export class ChecksumMismatch extends Error {
  override readonly name = "ChecksumMismatch";

  constructor(url: string, published: string, received: string) {
    super(`the checksum of ${url} is wrong: its vendor publishes ${published}, what arrived has ${received}; nothing of it was kept`);
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
