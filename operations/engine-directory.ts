import { makeScratchDirectory } from "./scratch-directory";

let made: string | undefined;

/**
 * The engine's temporary directory, which is removed when this process ends: the plugin for Kubernetes leaves a copy of the administrator's kubeconfig wherever `TMPDIR`
 * is (pulumi/pulumi-kubernetes, `provider/pkg/provider/provider.go`).
 */
export function engineDirectory(): string {
  return (made ??= makeScratchDirectory("engine"));
}
