import { Unavailable } from "./errors";
import type { ToolName } from "./tool";

/** A tool that is not available, with the attempts in their order and the package that the user can install. */
export class NotFound extends Unavailable {
  override readonly name = "NotFound";

  constructor(
    readonly tool: ToolName,
    readonly tried: readonly string[],
    readonly install: readonly string[],
  ) {
    super(`${tool} is not available: ${tried.join("; ")}`);
  }
}
