import type { RoleSecret } from "./request";

/** Standard input of the command. The request itself is on the command line, where others can read it. */
export interface ReleaseInput {
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** See {@link ReleaseRequest.secrets}. */
  readonly secrets?: readonly RoleSecret[];
}

/** Formats the input. Without secrets it is only the kubeconfig, as in all versions of this program. */
export function writeInput({ kubeconfig, secrets }: ReleaseInput): string {
  return secrets === undefined ? kubeconfig : JSON.stringify({ kubeconfig, secrets });
}

/** Reads what {@link writeInput} wrote. */
export function readInput(text: string): ReleaseInput {
  return text.startsWith('{"kubeconfig":') ? (JSON.parse(text) as ReleaseInput) : { kubeconfig: text };
}
