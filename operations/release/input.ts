import type { RoleSecret } from "./request";

/** What the command reads in addition to its request; the request is readable in the command line and in errors. */
export interface ReleaseInput {
  /** The administrator's. */
  readonly kubeconfig: string;
  /** See {@link ReleaseRequest.secrets}. */
  readonly secrets?: readonly RoleSecret[];
}

/** The kubeconfig alone where there are no secrets, as every version of this program has written it. */
export function writeInput({ kubeconfig, secrets }: ReleaseInput): string {
  return secrets === undefined ? kubeconfig : JSON.stringify({ kubeconfig, secrets });
}

/** Reads what {@link writeInput} wrote. */
export function readInput(text: string): ReleaseInput {
  return text.startsWith('{"kubeconfig":') ? (JSON.parse(text) as ReleaseInput) : { kubeconfig: text };
}
