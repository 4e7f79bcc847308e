import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { distance } from "fastest-levenshtein";
import { type ApiObject, kindOf, nameObject } from "../object";
import definitions from "./definitions.json";
import { UNPUBLISHED_KINDS } from "./kinds";

/** Stands for a value that isn't known yet; any field may have it. */
export const UNKNOWN = Symbol("unknown");

/** Edits between a wrong field and the one that is meant, at most. */
const MOST_EDITS = 3;

/** An object that its kind's definition doesn't allow. Printed by Pulumi without a stack. */
export class ObjectError extends Error {
  /** The SDK's own test for its RunError looks at this field (@pulumi/pulumi/errors). */
  readonly __pulumiRunError = true;

  constructor(object: ApiObject, flaws: readonly string[]) {
    super(
      `${nameObject(object)} is not as ${kindOf(object)} is defined; it was not applied.\n${flaws.map((flaw) => `- ${flaw}`).join("\n")}`,
    );
    this.name = "ObjectError";
    this.stack = `${this.name}: ${this.message}`;
  }
}

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

/**
 * What is wrong with an object by its kind's definition, without asking a cluster: fields that there are not, missing ones, wrong types and values.
 * Values are never told: they may be secret.
 *
 * @param object may hold {@link UNKNOWN} anywhere
 * @param part whether it is some fields of an object that there is: it may lack others
 * @throws Error for a kind that `kinds.ts` doesn't name.
 */
export function flawsOf(object: ApiObject, { part = false }: { readonly part?: boolean } = {}): string[] {
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
  if (!(kind in definitions.kinds)) throw new Error(`no definition of ${kind}: add it to platform/schema/kinds.ts`);
  // Definitions are in OpenAPI's dialect, which strict mode doesn't know, with patterns that the Unicode flag would refuse.
  if (ajv === undefined) {
    ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false, verbose: true });
    ajv.addSchema(definitions, "definitions");
  }
  const made = ajv.compile({ $ref: `definitions#/kinds/${kind.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll(" ", "%20")}` });
  validators.set(kind, made);
  return made;
}

/** Whether an error is about a value that isn't known, or about a choice between forms that one may decide. */
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
    const nearest = fields.find((each) => distance(each.toLowerCase(), field.toLowerCase()) <= MOST_EDITS);
    return `${place === "" ? "it" : place} has no field ${field}${nearest === undefined ? "" : `: ${nearest} is meant, perhaps`}`;
  }
  if (keyword === "required") return `${place === "" ? "it" : place} lacks ${(params as { missingProperty: string }).missingProperty}`;
  if (keyword === "enum")
    return `${place} is none of ${(params as { allowedValues: unknown[] }).allowedValues.map((value) => JSON.stringify(value)).join(", ")}`;
  return `${place} ${message ?? keyword}`;
}
