import { compare } from "semver";
import type { Api, KubeObject } from "../api";
import type { Hold } from "../operators";
import { type SimulatedClusterVersion, clusterVersionPath, semantic } from "./clusterversion";

/** The annotation with which an administrator states that credentials are prepared for a release. */
export const upgradeableAnnotation = "cloudcredential.openshift.io/upgradeable-to";

/** The object with the credential operator's mode and the annotation. */
const cloudCredentialPath = "/apis/operator.openshift.io/v1/cloudcredentials/cluster";

/** The Secret that mint and passthrough mode need on AWS. */
const rootSecretPath = "/api/v1/namespaces/kube-system/secrets/aws-creds";

export interface CloudCredential extends KubeObject {
  readonly spec?: { readonly credentialsMode?: string };
}

/**
 * The reason why the cloud credential operator reports Upgradeable=False; undefined if it does not report it. From
 * openshift/cloud-credential-operator, `UpgradeableCheck` in `pkg/operator/utils/utils.go`, release-4.14 to release-4.22.
 */
export function credentialsHold(
  config: CloudCredential | undefined,
  { status }: SimulatedClusterVersion,
  hasRootSecret: boolean,
): Hold | undefined {
  const completed = (status?.history ?? []).filter(({ state }) => state === "Completed").map(({ version }) => minorVersion(version));
  const highest = completed.sort(compare).at(-1);
  if (highest === undefined) return undefined;
  const annotated = config?.metadata.annotations?.[upgradeableAnnotation];
  if (annotated !== undefined && /^v?\d+\.\d+/.test(annotated) && compare(minorVersion(annotated), highest) > 0) return undefined;
  if (config?.spec?.credentialsMode === "Manual") {
    return {
      reason: "MissingUpgradeableAnnotation",
      message:
        `Upgradeable annotation ${upgradeableAnnotation} on cloudcredential.operator.openshift.io/cluster object needs updating before upgrade.` +
        " See Manually Creating IAM documentation for instructions on preparing a cluster for upgrade.",
    };
  }
  if (hasRootSecret) return undefined;
  return {
    reason: "MissingRootCredential",
    message: "Parent credentials secret must be restored prior to upgrade: kube-system/aws-creds",
  };
}

/** Milliseconds between two reads of the cluster's objects. The real operator watches them. */
const pollMilliseconds = 1000;

/** Simulates the part of the cloud credential operator that decides about updates. */
export class CredentialsOperator {
  private last: { readonly at: number; readonly hold: Hold | undefined } = { at: 0, hold: undefined };

  constructor(private readonly api: Api) {}

  /** The reason why the operator reports Upgradeable=False now; undefined if it does not report it. */
  async hold(): Promise<Hold | undefined> {
    if (Date.now() - this.last.at < pollMilliseconds) return this.last.hold;
    const [config, clusterVersion, secret] = await Promise.all([
      this.api.get<CloudCredential>(cloudCredentialPath),
      this.api.get<SimulatedClusterVersion>(clusterVersionPath),
      this.api.get(rootSecretPath),
    ]);
    const hold = clusterVersion && credentialsHold(config, clusterVersion, secret !== undefined);
    this.last = { at: Date.now(), hold };
    return hold;
  }
}

/** Converts `4.20.3-rc.1`, `v4.20` and `4.20` to `4.20.0`. */
function minorVersion(text: string): string {
  const [major, minor] = text.replace(/^v/, "").split(".");
  return semantic(`${major}.${minor}.0`).version;
}
