import type { Condition } from "../conditions";
import type { ClusterVersion } from "./request";

/** A ClusterOperator, as far as updates are concerned. */
export interface ClusterOperator {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** What a running cluster says about updates. */
export interface ClusterState {
  readonly clusterVersion: ClusterVersion;
  readonly operators: readonly ClusterOperator[];
  /** Gates of releases, by name: what the administrator has to know or do (ConfigMap `openshift-config-managed/admin-gates`). */
  readonly gates: Readonly<Record<string, string>>;
  /** Which gates are acknowledged: those with the value `true` (ConfigMap `openshift-config/admin-acks`). */
  readonly acks: Readonly<Record<string, string>>;
  /** How the cluster's components get their AWS credentials (CloudCredential `cluster`). */
  readonly credentials: {
    readonly mode: string;
    /** The minor version for which the components' credentials are prepared, as the annotation says it. */
    readonly preparedFor?: string;
  };
}

/** The annotation of CloudCredential `cluster` that opens the way to a minor version (cloud-credential-operator, `docs/mode-manual-creds.md`, release-4.19). */
export const preparedAnnotation = "cloudcredential.openshift.io/upgradeable-to";
