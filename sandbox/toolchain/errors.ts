/** The error of a way that can't provide the tool on this computer; the message says why. The next way is tried. */
export class Unavailable extends Error {
  override readonly name: string = "Unavailable";
}

/** The error of a way that needs a program which is not installed on this computer. */
export class MissingProgram extends Unavailable {
  override readonly name = "MissingProgram";

  constructor(
    reason: string,
    /** The package to install, shown to the user: "Go 1.26 or newer (https://go.dev/dl)". */
    readonly install: string,
  ) {
    super(reason);
  }
}

/** The error for a file that differs from the file that its vendor published. Somebody may have tampered with it, so no other way is tried. */
export class ChecksumMismatch extends Error {
  override readonly name = "ChecksumMismatch";

  constructor(url: string, published: string, received: string) {
    super(`the checksum of ${url} is wrong: the vendor publishes ${published}, the download has ${received}; the file was deleted`);
  }
}

/** The message of any thrown value. */
export function thrownMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
