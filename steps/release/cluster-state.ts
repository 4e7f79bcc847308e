import type { Condition } from "../../lib/kubernetes/conditions";
import type { ClusterVersion } from "./request";

/** The part of a ClusterOperator that concerns updates. */
export interface ClusterOperator {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The state of a running cluster that decides about updates. */
export interface ClusterState {
  readonly clusterVersion: ClusterVersion;
  readonly operators: readonly ClusterOperator[];
  /** Gates of releases by name. The text says what the administrator has to know or do (ConfigMap `openshift-config-managed/admin-gates`). */
  readonly gates: Readonly<Record<string, string>>;
  /** Acknowledgements by gate: `true` if it is acknowledged (ConfigMap `openshift-config/admin-acks`). */
  readonly acks: Readonly<Record<string, string>>;
  /** The AWS credentials of the cluster's components (CloudCredential `cluster`). */
  readonly credentials: {
    /** The minor version for which the components' credentials are prepared: the value of the annotation `upgradeable-to`. */
    readonly preparedFor?: string;
  };
}

/** The annotation of CloudCredential `cluster` that allows the update to a minor version (cloud-credential-operator, `docs/mode-manual-creds.md`, release-4.19). */
export const preparedAnnotation = "cloudcredential.openshift.io/upgradeable-to";
