import { makeScratchDirectory } from "../scratch-directory";

let createdDirectory: string | undefined;

/**
 * The Pulumi engine's temporary directory. It is removed when this process ends, because the Kubernetes plugin leaves a copy of the administrator's
 * kubeconfig in `TMPDIR` (pulumi/pulumi-kubernetes, `provider/pkg/provider/provider.go`).
 */
export function engineDirectory(): string {
  return (createdDirectory ??= makeScratchDirectory("engine"));
}
