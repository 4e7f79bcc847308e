import { readFileSync } from "node:fs";
import { z } from "zod";

/** Seconds after a machine's launch in which it is given its first certificate: two hours, as OpenShift's own approver has it (openshift/cluster-machine-approver, `pkg/controller/csr_check.go`, release-4.19: maxMachineDelta). */
export const oldestMachineSeconds = 7200;

/** The program's configuration, a JSON file. */
const schema = z.strictObject({
  /** The cluster's infraID: its machines carry the tag `kubernetes.io/cluster/<infraID>`. */
  infraId: z.string().regex(/^[a-z0-9-]+$/),
  region: z.string().regex(/^[a-z0-9-]+$/),
  /** The VPC that the machines must be in. */
  vpcId: z.string().regex(/^vpc-[0-9a-f]+$/),
  /** Path of the kubeconfig of the account `certificate-approver`. It may come later than the program. */
  kubeconfig: z.string().min(1),
  /** Seconds after a machine's launch in which it is given its first certificate. */
  oldestMachineSeconds: z.int().positive().default(oldestMachineSeconds),
  /** Path of the file in which it says whether it works; without one it says so in its log only. */
  status: z.string().min(1).optional(),
  /** `Name` tags of machines with the cluster's tag that never are nodes: the bootstrap machine, the installer host. */
  notNodes: z.array(z.string()).default([]),
});

export type ApproverConfiguration = z.output<typeof schema>;
/** What is written into the file: what has a default may be left out. */
export type ApproverConfigurationInput = z.input<typeof schema>;

/**
 * Reads the configuration file.
 *
 * @throws Error that names the file and everything that is wrong with it
 */
export function readConfiguration(path: string): ApproverConfiguration {
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
