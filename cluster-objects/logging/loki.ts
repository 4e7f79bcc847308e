import { LOG_KINDS } from "../../config/log-kind";
import { lokiComponents } from "../../config/logging/sizes";
import type { LokiConfiguration } from "../../config/logging/settings";
import type { ApiObject } from "../object";
import { placementFields } from "../tolerations";
import { base64, inLogging, LOKI, LOKI_API, LOKI_CREDENTIALS, LOKI_SECRET } from "./names";

/**
 * The schema in which Loki stores logs. Its date must never change: Loki reads the logs of a day by the schema that is valid for this day.
 * So with the same date, a rebuilt cluster can read the logs that an earlier Loki of this program stored in a retained bucket. The operator
 * refuses a changed date (openshift/loki, `operator/internal/validation/lokistack.go`, release-6.6: ValidateSchemas). A later version of
 * the schema is appended to the list, with a date in the future. The first date is before the first release of this project.
 */
export const LOKI_SCHEMAS = [{ version: "v13", effectiveDate: "2024-10-01" }] as const;

/** How Loki logs in to S3: with the keys in its Secret, or with the token of its service account and a role. */
export type LokiCredentials = "static" | "token";

/** The LokiStack (openshift/loki, `operator/api/loki/v1/lokistack_types.go`; release-6.0 to release-6.6 have all fields that are used here). */
export function lokiStack(settings: LokiConfiguration, credentials: LokiCredentials): ApiObject {
  const { size, storageClass, retentionDays, placement } = settings;
  // All kinds get a retention, also those that are not stored any more: without a retention Loki keeps their logs forever.
  const tenants = Object.fromEntries(LOG_KINDS.map((kind) => [kind, { retention: { days: retentionDays[kind] } }]));
  const components = [...lokiComponents(size, undefined).map(({ name }) => name), "ruler"];
  return {
    apiVersion: LOKI_API,
    kind: "LokiStack",
    metadata: inLogging(LOKI),
    spec: {
      managementState: "Managed",
      size,
      storageClassName: storageClass,
      storage: { schemas: LOKI_SCHEMAS, secret: { type: "s3", name: LOKI_SECRET, credentialMode: credentials } },
      tenants: { mode: "openshift-logging" },
      limits: { tenants },
      ...(placement && { template: Object.fromEntries(components.map((name) => [name, placementFields(placement)])) }),
    },
  };
}

export interface LokiBucket {
  /** The bucket's name, or an output with it. */
  readonly bucket: string;
  readonly region: string;
}

/** The AWS keys in the Secret of the cloud credential operator, in base64. */
export interface MintedKeys {
  readonly aws_access_key_id?: string;
  readonly aws_secret_access_key?: string;
}

/**
 * The data of Loki's Secret (openshift/loki, `operator/internal/handlers/internal/storage/secrets.go`, release-6.6: extractS3ConfigSecret).
 * The operator accepts only this form of endpoint for AWS. For other hosts, such as those in China, it uses path-style addressing.
 *
 * @throws Error if the minted Secret lacks a key
 */
export function lokiSecretData({ bucket, region }: LokiBucket, login: { readonly roleArn: string } | MintedKeys, dnsSuffix: string) {
  const place = { bucketnames: base64(bucket), region: base64(region) };
  if ("roleArn" in login) return { ...place, role_arn: base64(login.roleArn) };
  const { aws_access_key_id: id, aws_secret_access_key: secret } = login;
  if (id === undefined || secret === undefined)
    throw new Error(`the Secret ${LOKI_CREDENTIALS} of the cloud credential operator lacks aws_access_key_id or aws_secret_access_key`);
  return { ...place, endpoint: base64(`https://s3.${region}.${dnsSuffix}`), access_key_id: id, access_key_secret: secret };
}

/** @param data the Secret's data, or an output with it */
export function lokiSecret(data: unknown): ApiObject {
  return { apiVersion: "v1", kind: "Secret", metadata: inLogging(LOKI_SECRET), type: "Opaque", data };
}

/**
 * Asks the cloud credential operator for AWS credentials: an IAM user in mode mint, a copy of the root credentials in mode passthrough. Loki's
 * operator expects other names in its Secret, so the keys are copied.
 *
 * @param statementEntries a list of statements with effect, action and resource, or an output with one
 */
export function lokiCredentialsRequest(statementEntries: unknown): ApiObject {
  return {
    apiVersion: "cloudcredential.openshift.io/v1",
    kind: "CredentialsRequest",
    metadata: { name: "okd-aws-loki", namespace: "openshift-cloud-credential-operator" },
    spec: {
      secretRef: inLogging(LOKI_CREDENTIALS),
      serviceAccountNames: [LOKI],
      providerSpec: { apiVersion: "cloudcredential.openshift.io/v1", kind: "AWSProviderSpec", statementEntries },
    },
  };
}
