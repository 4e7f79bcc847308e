import { buildConfiguration } from "./build-configuration";
import type { Configuration } from "./configuration";
import { ConfigurationError } from "./configuration-error";
import { decode, holdsProto } from "./decode";
import { type KeyProblem, type ValueProblem } from "./problem";
import { issueProblem } from "./issue";
import { formatProblems } from "./format-problems";
import type { Facts } from "./rule";
import { RULES } from "./rules";
import { providerCredentials } from "./provider-credentials";
import { regionProblem } from "./region";
import { describeKey, KEY_NAMES, type KeyName, PROJECT, schema } from "./schema";
import { unknownKey, unknownNamespaces } from "./unknown-key";
import type { Warning } from "./warning";
import { warningsAbout } from "./warnings";

/** Additional information for reading a stack's configuration. */
export interface ConfigurationContext {
  /** The AWS provider's region; if undefined, `aws:region` in `raw` is used. */
  readonly region?: string | undefined;
  /** Whether a key, such as `okd-aws:pullSecret`, is stored encrypted. Only called for secrets; if undefined, this is not checked. */
  readonly isSecret?: (key: string) => boolean;
  /** Name of the stack for the commands of the fixes. */
  readonly stack?: string;
}

/** A valid configuration with its warnings. */
export interface CheckedConfiguration {
  readonly configuration: Configuration;
  readonly warnings: readonly Warning[];
}

/** Like {@link checkConfiguration}, without the warnings. */
export function parseConfiguration(raw: Readonly<Record<string, unknown>>, context: ConfigurationContext = {}): Configuration {
  return checkConfiguration(raw, context).configuration;
}

/**
 * Reads a stack's configuration.
 * @param raw `pulumi.runtime.allConfig()`: texts by `okd-aws:key`. A key without a namespace is a key of this project. Keys in other
 * namespaces are ignored, unless the namespace looks misspelled.
 * @throws ConfigurationError with all problems.
 */
export function checkConfiguration(raw: Readonly<Record<string, unknown>>, context: ConfigurationContext = {}): CheckedConfiguration {
  const own = ownValues(raw);
  const region = context.region ?? (raw["aws:region"] as string | undefined);
  const problems: KeyProblem[] = [];
  const values: Record<string, unknown> = { region };

  const noRegion = regionProblem(region);
  if (noRegion) problems.push({ key: "aws:region", ...noRegion });
  problems.push(...providerCredentials(raw));
  problems.push(...unknownNamespaces(raw));
  for (const name of own.keys()) if (!isKey(name)) problems.push(unknownKey(name));
  for (const name of KEY_NAMES) {
    const result = parseKey(name, own.get(name));
    if (Array.isArray(result)) problems.push(...result.map((problem) => ({ key: name, ...problem })));
    else values[name] = result.value;
  }

  problems.push(...plainSecrets(own, context));

  // The message of a rule makes sense only if each of its keys is valid by itself.
  const invalid = new Set(problems.map(({ key }) => (key === "aws:region" ? "region" : key)));
  const facts = values as unknown as Facts;
  for (const { reads, check } of RULES) if (!reads.some((key) => invalid.has(key))) problems.push(...check(facts));

  if (problems.length > 0) throw new ConfigurationError(formatProblems(problems, own, region), context.stack);
  return { configuration: buildConfiguration(facts, facts.region), warnings: warningsAbout(facts) };
}

function ownValues(raw: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const own = Object.entries(raw).flatMap(([name, value]): [string, unknown][] => {
    const [first, ...rest] = name.split(":");
    if (rest.length === 0) return [[name, value]];
    return first === PROJECT ? [[rest.join(":"), value]] : [];
  });
  return new Map(own);
}

function isKey(name: string): name is KeyName {
  return (KEY_NAMES as readonly string[]).includes(name);
}

/** Problems of secrets in plain text. The Pulumi engine can't check this (see pulumi-project.ts). */
function plainSecrets(own: ReadonlyMap<string, unknown>, { isSecret }: ConfigurationContext): KeyProblem[] {
  if (isSecret === undefined) return [];
  return KEY_NAMES.filter((name) => describeKey(name).secret && (own.get(name) ?? "") !== "" && !isSecret(`${PROJECT}:${name}`)).map(
    (name) => ({
      key: name,
      wrong: "is stored in plain text in the stack file",
      allowed: "an encrypted value; replace a secret that was stored in plain text, because others may know it",
      fix: `pulumi config set --secret ${name} < file`,
    }),
  );
}

function parseKey(name: KeyName, raw: unknown): ValueProblem[] | { readonly value: unknown } {
  const decoded = decode(name, raw);
  if (holdsProto(decoded))
    return [{ wrong: "has an entry called __proto__, which JavaScript programs can't store", fix: "give the entry another name" }];
  const result = schema.shape[name].safeParse(decoded);
  if (!result.success) {
    // A value of the wrong type also fails other checks. Their messages would not make sense, so only the wrong type is reported.
    const wrongType = result.error.issues.filter((issue) => issue.code === "invalid_type");
    return (wrongType.length > 0 ? wrongType : result.error.issues).map((issue) => issueProblem(name, issue, raw));
  }
  const { required } = describeKey(name);
  const value: unknown = result.data;
  if (required && (value === "" || (Array.isArray(value) && value.length === 0))) return [{ wrong: "is not set" }];
  return { value };
}
