import { dump } from "js-yaml";
import { describeKey, type Key, KEY_NAMES, PROJECT } from "./schema";

const HEADER = `# Made by config/generate.ts from the schema in config/: change it there, then run "make docs".
# A declared key has to have a value or a default, so an empty default means "not set"; what is required says so.
`;

/**
 * Attempts of the AWS provider per call. Its own number is 25 (terraform-provider-aws, `internal/provider/sdkv2/provider.go`), and its pauses double up to
 * 300 s (`internal/conns/backoff_delayer.go`): it would repeat a call for an hour. A machine's creation ends after ten minutes, with "context deadline
 * exceeded" in place of the reason that AWS gave, such as missing capacity. Ten attempts last half a minute, and where AWS throttles, at most nine
 * minutes: the reason is told. A stack file may set another number.
 */
const PROVIDER_ATTEMPTS = 10;

/** The text of Pulumi.yaml. */
export function renderPulumiProject(): string {
  const project = {
    name: PROJECT,
    description: "Installs OKD and OpenShift 4 on AWS with one pulumi up",
    main: "index.ts",
    runtime: { name: "nodejs", options: { typescript: true, packagemanager: "npm" } },
    config: {
      ...Object.fromEntries(KEY_NAMES.map((name) => [name, declaration(describeKey(name))])),
      "aws:maxRetries": { value: PROVIDER_ATTEMPTS },
    },
  };
  return HEADER + dump(project, { lineWidth: -1, noRefs: true, quotingType: '"' });
}

function declaration(key: Key): Record<string, unknown> {
  const unit = key.unit === undefined ? "" : ` Unit: ${key.unit}.`;
  return {
    // The engine refuses a typed secret whose value is its default, because a default is plain text; the parser checks the type and the encryption.
    ...(key.secret ? {} : { type: key.type }),
    ...(key.type === "array" ? { items: { type: key.records ? "object" : "string" } } : {}),
    description: `${key.required ? "Required. " : ""}${key.description}${unit}`,
    default: key.secret ? "" : key.default,
    ...(key.secret ? { secret: true } : {}),
  };
}
