import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { distance } from "fastest-levenshtein";
import { type ApiObject, kindOf, nameObject } from "../object";
import definitions from "./definitions.json";
import { UNPUBLISHED_KINDS } from "./kinds";

/** Placeholder for a value that is not known yet; any field may have it. */
export const UNKNOWN = Symbol("unknown");

/** Maximum edit distance between a wrong field name and the suggested one. */
const MAX_EDITS = 3;

/** An object that does not match its kind's definition. Pulumi prints this error without a stack trace. */
export class ObjectError extends Error {
  /** The SDK recognizes its RunError by this field (@pulumi/pulumi/errors). */
  readonly __pulumiRunError = true;

  constructor(object: ApiObject, flaws: readonly string[]) {
    super(
      `${nameObject(object)} does not match the definition of ${kindOf(object)}; it was not applied.\n${flaws.map((flaw) => `- ${flaw}`).join("\n")}`,
    );
    this.name = "ObjectError";
    this.stack = `${this.name}: ${this.message}`;
  }
}

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

/**
 * Problems of an object according to its kind's definition, without asking a cluster: unknown fields, missing fields, wrong types and
 * values. They never quote values, which may be secret.
 *
 * @param object may contain {@link UNKNOWN} anywhere
 * @param part whether the object is a patch of an existing object: required fields of the object and its spec may then be missing
 * @throws Error for a kind that is not in `kinds.ts`.
 */
export function schemaProblems(object: ApiObject, { part = false }: { readonly part?: boolean } = {}): string[] {
  const kind = kindOf(object);
  if ((UNPUBLISHED_KINDS as readonly string[]).includes(kind)) return [];
  const validate = validatorOf(kind);
  if (validate(object)) return [];
  const lacking = ({ keyword, instancePath }: ErrorObject) => part && keyword === "required" && ["", "/spec"].includes(instancePath);
  const errors = (validate.errors ?? []).filter((error) => !isUnknown(object, error) && !lacking(error));
  return [...new Set(errors.map((error) => describe(error)))];
}

function validatorOf(kind: string): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  if (!(kind in definitions.kinds)) throw new Error(`there is no definition of ${kind}: add this kind to cluster-objects/schema/kinds.ts`);
  // The definitions use OpenAPI's dialect, which strict mode refuses, and patterns that are invalid with the Unicode flag.
  if (ajv === undefined) {
    ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false, verbose: true });
    ajv.addSchema(definitions, "definitions");
  }
  const made = ajv.compile({ $ref: `definitions#/kinds/${kind.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll(" ", "%20")}` });
  validators.set(kind, made);
  return made;
}

/** Whether an error concerns an unknown value, or a choice between forms that depends on one. */
function isUnknown(object: ApiObject, { instancePath, keyword }: ErrorObject): boolean {
  const value = at(object, instancePath);
  return value === UNKNOWN || (["oneOf", "anyOf", "not", "if"].includes(keyword) && holdsUnknown(value));
}

function at(object: unknown, path: string): unknown {
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce((value: unknown, step) => (value as Record<string, unknown> | undefined)?.[step], object);
}

function holdsUnknown(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown));
}

function describe({ instancePath, keyword, params, message, parentSchema }: ErrorObject): string {
  const place = instancePath.replaceAll("~1", "/").replace(/^\//, "").replaceAll("/", ".");
  if (keyword === "additionalProperties") {
    const { additionalProperty: field } = params as { additionalProperty: string };
    const fields = Object.keys((parentSchema as { properties?: object }).properties ?? {});
    const nearest = fields.find((each) => distance(each.toLowerCase(), field.toLowerCase()) <= MAX_EDITS);
    return `${place === "" ? "it" : place} has no field ${field}${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
  }
  if (keyword === "required") return `${place === "" ? "it" : place} lacks ${(params as { missingProperty: string }).missingProperty}`;
  if (keyword === "enum")
    return `${place} is not one of ${(params as { allowedValues: unknown[] }).allowedValues.map((value) => JSON.stringify(value)).join(", ")}`;
  return `${place} ${message ?? keyword}`;
}
