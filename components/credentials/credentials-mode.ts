import * as pulumi from "@pulumi/pulumi";
import type { CredentialsMode } from "../../config/configuration";
import type { InstallationPhase } from "../installer/asset-age";
import { known } from "../known";

interface ModeInputs {
  /** By the configuration, or by the credentials where that leaves it open. */
  readonly wanted: CredentialsMode;
  /** Whether the configuration says it. */
  readonly configured: boolean;
  readonly phase: InstallationPhase;
}

function refusal(mode: CredentialsMode, wanted: CredentialsMode): Error {
  return new Error(
    `credentialsMode can't become ${wanted}: the machines were installed with ${mode}, and the cluster keeps the credentials that it was ` +
      `installed with. Set it back (pulumi config set credentialsMode ${mode}), or destroy the stack first.`,
  );
}

/** Until the first machine boots it is as wanted; from then on it is as installed, whoever runs the update with whatever credentials. */
export const credentialsModeProvider: pulumi.dynamic.ResourceProvider<ModeInputs, { mode: CredentialsMode }> = {
  create({ wanted, configured, phase }) {
    // Machines that are there before this was remembered are of a time that knew one mode only.
    const mode = phase === "before-first-boot" ? wanted : "mint";
    if (configured && mode !== wanted) return Promise.reject(refusal(mode, wanted));
    return Promise.resolve({ id: "credentials-mode", outs: { mode } });
  },
  diff(_id, { mode }, { wanted, configured, phase }) {
    if (phase === "before-first-boot") return Promise.resolve({ changes: mode !== wanted });
    if (configured && mode !== wanted) return Promise.reject(refusal(mode, wanted));
    return Promise.resolve({ changes: false });
  },
  update(_id, _olds, { wanted }) {
    return Promise.resolve({ outs: { mode: wanted } });
  },
};

class RememberedMode extends pulumi.dynamic.Resource {
  declare readonly mode: pulumi.Output<CredentialsMode>;

  constructor(name: string, inputs: ModeInputs, opts?: pulumi.CustomResourceOptions) {
    super(credentialsModeProvider, name, { ...inputs, mode: undefined }, opts, "okd", "CredentialsMode");
  }
}

export interface CredentialsModeArgs {
  /** The configured mode, if one is. */
  readonly configured: CredentialsMode | undefined;
  /** Whether the credentials of this run expire. */
  readonly temporary: boolean;
  readonly phase: InstallationPhase;
}

/**
 * The cluster's credentials mode, kept in the state: what is declared hangs on it, and must not change when the next run has other credentials.
 * An unset mode is `manual` when the cluster is made with temporary credentials, which would be dead within hours, and `mint` otherwise.
 */
export async function settleCredentialsMode(name: string, { configured, temporary, phase }: CredentialsModeArgs): Promise<CredentialsMode> {
  const wanted = configured ?? (temporary ? "manual" : "mint");
  const remembered = new RememberedMode(name, { wanted, configured: configured !== undefined, phase });
  // Before the first boot it will be as wanted, which a preview couldn't know from the resource.
  if (phase === "before-first-boot") return wanted;
  return (await known(remembered.mode)) ?? "mint";
}
