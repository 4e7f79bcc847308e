import { setImmediate as turn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { distance } from "fastest-levenshtein";
import { type Problem, problemLines } from "../../lib/problem";
import { ProgramError } from "../../lib/program-error";
import { type ApiObject, kindOf, nameObject } from "../object";
import definitions from "./definitions.json";
import { ELASTIC_KINDS, FREQUENT_KINDS, UNPUBLISHED_KINDS } from "./kinds";

/** Kinds that have no definition in `definitions.json`, so their objects are not checked. */
const UNCHECKED_KINDS = [...UNPUBLISHED_KINDS, ...ELASTIC_KINDS];

/** Placeholder for a value that is not known yet; any field may have it. */
export const UNKNOWN = Symbol("unknown");

/** Maximum edit distance between a wrong field name and the suggested one. */
const MAX_EDITS = 3;

/** A problem of an object. It never contains the field's value, because the value may be secret. */
export interface SchemaProblem extends Omit<Problem, "value"> {
  /** The path of the field, such as `spec.tolerations.0`; `it` for the object itself. */
  readonly field: string;
}

/** An object that does not match its kind's definition. */
export class ObjectError extends ProgramError {
  constructor(object: ApiObject, problems: readonly SchemaProblem[]) {
    const items = problems.map((problem) => `- ${problemLines(problem, problem.field).join("\n  ")}`);
    super([`${nameObject(object)} does not match the definition of ${kindOf(object)}; it was not applied.`, ...items].join("\n"));
  }
}

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

/**
 * Problems of an object according to its kind's definition, without asking a cluster: unknown fields, missing fields, wrong types and
 * values.
 *
 * @param object may contain {@link UNKNOWN} anywhere
 * @param part whether the object is a patch of an existing object: required fields of the object and its spec may then be missing
 * @throws Error for a kind that is not in `kinds.ts`.
 */
export function schemaProblems(object: ApiObject, { part = false }: { readonly part?: boolean } = {}): SchemaProblem[] {
  const kind = kindOf(object);
  if ((UNCHECKED_KINDS as readonly string[]).includes(kind)) return [];
  const validate = validatorOf(kind);
  if (validate(object)) return [];
  const lacking = ({ keyword, instancePath }: ErrorObject) => part && keyword === "required" && ["", "/spec"].includes(instancePath);
  const errors = (validate.errors ?? []).filter((error) => !isUnknown(object, error) && !lacking(error));
  const problems = errors.map(problemOf);
  return problems.filter((problem, index) => problems.findIndex((other) => isDeepStrictEqual(other, problem)) === index);
}

/**
 * Compiles the definitions of the kinds that most clusters have. The call is optional: it saves time if the process would otherwise only
 * wait. After each kind, Node.js can handle requests and answers.
 */
export async function compileFrequentKinds(): Promise<void> {
  for (const kind of FREQUENT_KINDS) {
    validatorOf(kind);
    await turn();
  }
}

function validatorOf(kind: string): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  if (!(kind in definitions.kinds)) throw new Error(`there is no definition of ${kind}: add this kind to cluster-objects/schema/kinds.ts`);
  // Strict mode and the Unicode flag are off: strict mode refuses OpenAPI's dialect, which the definitions use, and some of their patterns
  // are invalid with the Unicode flag.
  if (ajv === undefined) {
    // The compiled code is not optimized: the optimization takes half of the time, which a few objects of each kind do not save.
    const code = { optimize: false };
    ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false, verbose: true, code });
    ajv.addSchema(definitions, "definitions");
  }
  const made = ajv.compile({ $ref: `definitions#/kinds/${kind.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll(" ", "%20")}` });
  validators.set(kind, made);
  return made;
}

/**
 * Whether an error concerns an unknown value, or a condition of the schema (`oneOf`, `anyOf`, `not`, `if`) on an object that contains an unknown
 * value.
 */
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

function problemOf({ instancePath, keyword, params, message, parentSchema }: ErrorObject): SchemaProblem {
  const field = instancePath.replaceAll("~1", "/").replace(/^\//, "").replaceAll("/", ".") || "it";
  switch (keyword) {
    case "additionalProperties": {
      const { additionalProperty: name } = params as { additionalProperty: string };
      const names = Object.keys((parentSchema as { properties?: object }).properties ?? {});
      const nearest = names.find((each) => distance(each.toLowerCase(), name.toLowerCase()) <= MAX_EDITS);
      return {
        field,
        wrong: `has no field ${name}`,
        allowed: names.join(", "),
        fix: nearest === undefined ? "remove it" : `write ${nearest}`,
      };
    }
    case "required": {
      const { missingProperty: name } = params as { missingProperty: string };
      return { field, wrong: `lacks ${name}`, fix: `add ${name}` };
    }
    case "enum": {
      const { allowedValues } = params as { allowedValues: readonly unknown[] };
      return { field, wrong: "is not one of the allowed values", allowed: allowedValues.map((value) => JSON.stringify(value)).join(", ") };
    }
    case "type":
      return { field, wrong: "has the wrong type", allowed: [(params as { type: string | readonly string[] }).type].flat().join(" or ") };
    default:
      return { field, wrong: message ?? keyword };
  }
}
