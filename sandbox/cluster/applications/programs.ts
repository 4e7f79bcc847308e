import { realpathSync } from "node:fs";
import { ensureToolchain, ToolchainError } from "../../toolchain";

/** The programs that take the place of containers. */
export interface ApplicationPrograms {
  readonly php: string;
  readonly postgres: string;
}

/** Variables that lead to the sandbox's front door, which refuses the mirrors of Debian. */
const proxyVariables = /^(?:https?|no)_proxy$/i;

/** Finds the programs, or unpacks them from packages. @returns the programs, or the reason why they are not available */
export async function applicationPrograms(): Promise<ApplicationPrograms | string> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !proxyVariables.test(name)));
  try {
    const { php, postgres } = (await ensureToolchain(["php", "postgres"], { environment })).tools;
    // The path without links, because the server's user may not enter the directory that has the link to an installed program.
    return { php, postgres: realpathSync(postgres) };
  } catch (error) {
    if (error instanceof ToolchainError) return error.message;
    throw error;
  }
}
