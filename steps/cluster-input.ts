/**
 * Standard input of a program that `ClusterApi.command` starts: the program's secrets. The request is an argument of the command line, which other
 * users of the machine can read.
 */
export type ClusterInput<Secrets extends object = object> = {
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
} & Secrets;

/** Formats the input: only the kubeconfig, or JSON if the program needs further secrets. */
export function writeClusterInput(kubeconfig: string, secrets: object | undefined): string {
  return secrets === undefined ? kubeconfig : JSON.stringify({ kubeconfig, ...secrets });
}

/** Reads the text that {@link writeClusterInput} wrote. */
export function readClusterInput<Secrets extends object>(input: string): ClusterInput<Secrets> {
  return (input.startsWith('{"kubeconfig":') ? JSON.parse(input) : { kubeconfig: input }) as ClusterInput<Secrets>;
}
