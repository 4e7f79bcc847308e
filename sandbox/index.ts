/** Entry point `@okd-aws/sandbox`: a sandbox, and the Pulumi engine in it. */
export { endProcessesOf } from "./engine-processes";
export { linkTools } from "./links";
export { pulumi, pulumiOk, type PulumiOptions, type PulumiResult } from "./pulumi";
export { projectDirectory, Sandbox, type SandboxOptions, sandboxTools, type SandboxToolchain } from "./sandbox";
