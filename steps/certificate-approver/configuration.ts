import { readFileSync } from "node:fs";
import { z } from "zod";

/** Seconds after an instance's launch within which it gets its first certificate: two hours, as in OpenShift's own approver (openshift/cluster-machine-approver, `pkg/controller/csr_check.go`, release-4.19: maxMachineDelta). */
export const oldestMachineSeconds = 7200;

/** The program's configuration, a JSON file. */
const schema = z.strictObject({
  /** The cluster's infraID: its instances have the tag `kubernetes.io/cluster/<infraID>`. */
  infraId: z.string().regex(/^[a-z0-9-]+$/),
  region: z.string().regex(/^[a-z0-9-]+$/),
  /** VPC in which the instances must be. */
  vpcId: z.string().regex(/^vpc-[0-9a-f]+$/),
  /** Path of the kubeconfig of the service account `certificate-approver`. The file may be created after the program has started. */
  kubeconfig: z.string().min(1),
  /** Seconds after an instance's launch within which it gets its first certificate. */
  oldestMachineSeconds: z.int().positive().default(oldestMachineSeconds),
  /** Path of the status file; without one the state is only in the log. */
  status: z.string().min(1).optional(),
  /** `Name` tags of instances with the cluster's tag that are never nodes: the bootstrap instance, the installer host. */
  notNodes: z.array(z.string()).default([]),
});

export type ApproverConfiguration = z.output<typeof schema>;
/** Content of the file: fields with a default may be missing. */
export type ApproverConfigurationInput = z.input<typeof schema>;

/**
 * Reads the configuration file.
 *
 * @throws Error that names the file and all problems in it
 */
export function readApproverConfiguration(path: string): ApproverConfiguration {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  throw new Error(`${path} is not a configuration of the certificate approver:\n${z.prettifyError(error)}`);
}
