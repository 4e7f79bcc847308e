import * as pulumi from "@pulumi/pulumi";
import type { CredentialsMode } from "../../config/configuration";
import type { InstallationPhase } from "../installer/asset-age";
import { valueIfKnown } from "../../lib/pulumi/known-value";

interface ModeInputs {
  /** The configured mode, or else the mode that fits the AWS credentials. */
  readonly wanted: CredentialsMode;
  /** Whether `wanted` is configured. */
  readonly configured: boolean;
  readonly phase: InstallationPhase;
}

function refusal(mode: CredentialsMode, wanted: CredentialsMode): Error {
  return new Error(
    `credentialsMode can't become ${wanted}: the cluster was installed with ${mode} and keeps the credentials of its ` +
      `installation. Set it back (pulumi config set credentialsMode ${mode}), or destroy the stack first.`,
  );
}

/**
 * Until the first instance boots, the mode is `wanted`. After that it stays the mode of the installation, whatever AWS credentials a later
 * update uses.
 */
export const credentialsModeProvider: pulumi.dynamic.ResourceProvider<ModeInputs, { mode: CredentialsMode }> = {
  create({ wanted, configured, phase }) {
    // If instances are older than this resource, an earlier version of this program created them, which knew only the mode `mint`.
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
  /** The configured mode, if any. */
  readonly configured: CredentialsMode | undefined;
  /** Whether the AWS credentials of this run expire. */
  readonly temporary: boolean;
  readonly phase: InstallationPhase;
}

/**
 * The cluster's credentials mode. It is kept in the state, because other declarations depend on it and must not change when the next run
 * has other credentials. An unset mode becomes `manual` if the cluster is created with temporary credentials, which would expire within
 * hours; otherwise `mint`.
 */
export async function decideCredentialsMode(name: string, { configured, temporary, phase }: CredentialsModeArgs): Promise<CredentialsMode> {
  const wanted = configured ?? (temporary ? "manual" : "mint");
  const remembered = new RememberedMode(name, { wanted, configured: configured !== undefined, phase });
  // Before the first boot, the update always stores the wanted mode. A preview cannot read it from the resource yet.
  if (phase === "before-first-boot") return wanted;
  return (await valueIfKnown(remembered.mode)) ?? "mint";
}
