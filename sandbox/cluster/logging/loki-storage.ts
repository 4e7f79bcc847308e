/** An S3 Secret or a schema that the Loki operator refuses, with its message and reason. */
export interface LokiRefusal {
  readonly reason: "MissingObjectStorageSecret" | "InvalidObjectStorageSecret" | "InvalidObjectStorageSchema";
  readonly message: string;
}

export interface StoredSchema {
  readonly version: string;
  readonly effectiveDate: string;
}

/** The data of a Secret, decoded. */
export type SecretTexts = Readonly<Partial<Record<string, string>>>;

/**
 * The reason why the operator refuses the Secret of an S3 bucket (openshift/loki, `operator/internal/handlers/internal/storage/secrets.go`, release-6.5:
 * extractS3ConfigSecret, validateS3Endpoint). Checks of the encryption settings and of path-style addressing are left out.
 *
 * @param mode the LokiStack's `credentialMode`; if undefined, the mode is `token` for a Secret with `role_arn`, and
 * `static` for any other Secret
 */
export function secretProblem(data: SecretTexts | undefined, mode: string | undefined): LokiRefusal | undefined {
  if (data === undefined) return { reason: "MissingObjectStorageSecret", message: "Missing object storage secret" };
  const found = s3Problem(data, mode ?? (filled(data, "role_arn") ? "token" : "static"));
  return found === undefined
    ? undefined
    : { reason: "InvalidObjectStorageSecret", message: `Invalid object storage secret contents: ${found}` };
}

function s3Problem(data: SecretTexts, mode: string): string | undefined {
  const missing = (keys: readonly string[]) => keys.find((key) => !filled(data, key));
  const lacking = missing(mode === "static" ? ["bucketnames", "endpoint"] : ["bucketnames", "region"]);
  if (lacking !== undefined) return `missing secret field: ${lacking}`;
  if (mode !== "static") return undefined;
  const { endpoint = "", region = "" } = data;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined) return "endpoint for S3 must be an HTTP or HTTPS URL";
  if (!["http:", "https:"].includes(url.protocol)) return `scheme of S3 endpoint URL is unsupported: ${url.protocol.slice(0, -1)}`;
  if (url.pathname !== "/") return `endpoint for S3 must not include a path: ${url.pathname}`;
  if (url.host.endsWith(".amazonaws.com")) {
    if (region === "") return "missing secret field: region";
    const right = `https://s3.${region}.amazonaws.com`;
    if (endpoint !== right) return `endpoint for AWS S3 must include correct region: ${right}`;
  }
  const key = missing(["access_key_id", "access_key_secret"]);
  return key === undefined ? undefined : `missing secret field: ${key}`;
}

function filled(data: SecretTexts, key: string): boolean {
  return (data[key] ?? "") !== "";
}

/** A schema is treated as applied this number of hours before its date (openshift/loki, `operator/api/loki/v1/lokistack_types.go`, release-6.5: StorageSchemaUpdateBuffer). */
const BUFFER_HOURS = 2;

/**
 * The reason why the operator refuses the schemas of a LokiStack, compared with the schemas that are already applied (openshift/loki,
 * `operator/internal/validation/lokistack.go`, release-6.5: ValidateSchemas; the real operator's webhook refuses such an object at once, with the
 * same messages).
 */
export function schemaProblem(schemas: readonly StoredSchema[], applied: readonly StoredSchema[], now: Date): LokiRefusal | undefined {
  const reason = "InvalidObjectStorageSchema" as const;
  const refuse = (text: string) => ({ reason, message: `Invalid object storage schema contents: ${text}` });
  if (schemas.length === 0) return refuse("spec does not contain any schemas");
  const invalid = (text: string) => refuse(`spec contains invalid schema entry: ${text}`);
  const cutoff = now.getTime() + BUFFER_HOURS * 3_600_000;
  const isPast = ({ effectiveDate }: StoredSchema) => Date.parse(effectiveDate) < cutoff;
  const before = applied.filter(isPast);
  if (new Set(schemas.map(({ effectiveDate }) => effectiveDate)).size < schemas.length) return invalid("Effective dates are not unique");
  if (before.length > 0)
    for (const schema of schemas.filter(isPast)) {
      const known = before.find(({ effectiveDate }) => effectiveDate === schema.effectiveDate);
      if (known === undefined) return invalid("Cannot retroactively add schema");
      if (known.version !== schema.version) return invalid("Cannot retroactively change schema");
    }
  if (!schemas.some(isPast)) return invalid("Schema does not contain a valid starting effective date");
  return before.every((each) => schemas.some(({ effectiveDate }) => effectiveDate === each.effectiveDate))
    ? undefined
    : invalid("Cannot retroactively remove schema(s)");
}
