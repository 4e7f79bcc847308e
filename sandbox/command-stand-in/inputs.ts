import {
  isArchive,
  isAsset,
  isList,
  isObject,
  isPresent,
  isUnknown,
  property,
  secret,
  unwrapped,
  type Properties,
  type Value,
} from "./value";

/** The type of an input; the names are used in error messages. */
type Shape = "string" | "number" | "boolean" | "list of strings" | "map of strings" | "list" | "asset or archive" | InputTable;

/** One input of a resource or function. */
export interface Input {
  readonly shape: Shape;
  readonly required?: true;
  /** The default, if the program does not set the input. */
  readonly fallback?: boolean | number | string;
  /** The input is always marked secret. */
  readonly secret?: true;
  /** A change of the whole input replaces the resource. For changes of its members, the SDK sets `replaceOnChanges: ["triggers[*]"]`. */
  readonly replaces?: true;
}

/** All inputs of one resource, function or nested object, by name. */
export interface InputTable {
  readonly [name: string]: Input;
}

const string: Input = { shape: "string" };

/** Inputs of every command. Source: `provider/pkg/provider/local/base.go`, `remote/command.go`. */
const everyCommandInputs: InputTable = {
  stdin: string,
  logging: string,
  environment: { shape: "map of strings" },
  addPreviousOutputInEnv: { shape: "boolean", fallback: true },
};

/** Inputs of local commands only. Source: `local/base.go`. */
const here: InputTable = {
  ...everyCommandInputs,
  interpreter: { shape: "list of strings" },
  dir: string,
  assetPaths: { shape: "list of strings" },
  archivePaths: { shape: "list of strings" },
};

/** Inputs of commands that are resources. Source: `common/inputs.go`. */
const lifeCycle: InputTable = {
  triggers: { shape: "list", replaces: true },
  create: string,
  update: string,
  delete: string,
};

/**
 * Inputs of a connection to a host. Source of names and defaults: `remote/connection.go`, `remote/proxyConnection.go`, `@pulumi/command`
 * 1.2.1.
 */
const machine: InputTable = {
  host: { shape: "string", required: true },
  user: { shape: "string", fallback: "root" },
  password: string,
  port: { shape: "number", fallback: 22 },
  privateKey: string,
  privateKeyPassword: string,
  agentSocketPath: string,
  dialErrorLimit: { shape: "number", fallback: 10 },
  perDialTimeout: { shape: "number", fallback: 15 },
  hostKey: string,
};

const connection: Input = { shape: { ...machine, proxy: { shape: machine } }, required: true, secret: true };

/** The inputs by type token. */
export const INPUTS = {
  "command:local:Command": { ...here, ...lifeCycle },
  "command:local:run": { ...here, command: { shape: "string", required: true } },
  "command:remote:Command": { ...everyCommandInputs, ...lifeCycle, connection },
  "command:remote:CopyToRemote": {
    connection,
    triggers: { shape: "list", replaces: true },
    source: { shape: "asset or archive", required: true },
    remotePath: { shape: "string", required: true },
  },
} as const satisfies Readonly<Record<string, InputTable>>;

/** The reason why an input is refused, with its property path. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs with defaults, and the reasons why they are refused; none if they are accepted. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly InputFailure[];
}

function every(value: Value | undefined, test: (item: Value | undefined) => boolean): boolean {
  const items = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.every((item) => isUnknown(item) || test(unwrapped(item)));
}

function isString(value: Value | undefined): boolean {
  return typeof value === "string";
}

const SHAPES: Readonly<Record<Extract<Shape, string>, (value: Value | undefined) => boolean>> = {
  string: isString,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  list: isList,
  "list of strings": (value) => isList(value) && every(value, isString),
  "map of strings": (value) => isObject(value) && every(value, isString),
  "asset or archive": (value) => isAsset(value) || isArchive(value),
};

/**
 * Checks inputs against a table and fills in defaults, also inside nested objects. Names that begin with two underscores belong to the Pulumi engine and are
 * not checked.
 */
export function checked(table: InputTable, given: Properties, path = ""): Checked {
  const inputs: Record<string, Value> = {};
  const failures: InputFailure[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!isPresent(value)) continue;
    inputs[name] = value;
    if (!(name in table) && !name.startsWith("__")) failures.push({ property: path + name, reason: `Unrecognized field '${path}${name}'` });
  }
  for (const [name, input] of Object.entries(table)) {
    const value = property(inputs, name);
    if (value === undefined) {
      if (input.required) failures.push({ property: path + name, reason: `Missing required field '${path}${name}'` });
      else if (input.fallback !== undefined) inputs[name] = input.fallback;
      continue;
    }
    const result = checkedInput(input, value, path + name);
    failures.push(...result.failures);
    inputs[name] = input.secret ? secret(result.value) : result.value;
  }
  return { inputs, failures };
}

function checkedInput(input: Input, value: Value, path: string): { value: Value; failures: readonly InputFailure[] } {
  const bare = unwrapped(value);
  if (isUnknown(value)) return { value, failures: [] };
  if (typeof input.shape === "string") {
    const failures = SHAPES[input.shape](bare) ? [] : [{ property: path, reason: `Field '${path}': expected ${input.shape}` }];
    return { value, failures };
  }
  if (!isObject(bare)) return { value, failures: [{ property: path, reason: `Field '${path}': expected object` }] };
  const nested = checked(input.shape, bare, `${path}.`);
  return { value: bare === value ? nested.inputs : secret(nested.inputs), failures: nested.failures };
}
