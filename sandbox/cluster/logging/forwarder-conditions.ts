import { kubeTime } from "../kube-time";

/** The spec of a ClusterLogForwarder, with the fields that the checks of its operator read. */
export interface ForwarderSpec {
  readonly managementState?: string;
  readonly serviceAccount: { readonly name: string };
  readonly collector?: { readonly tolerations?: readonly object[] };
  readonly inputs?: readonly ForwarderInput[];
  readonly outputs: readonly { readonly name: string; readonly type: string; readonly [type: string]: unknown }[];
  readonly pipelines: readonly { readonly name: string; readonly inputRefs: readonly string[]; readonly outputRefs: readonly string[] }[];
}

interface ForwarderInput {
  readonly name: string;
  readonly type: string;
  readonly application?: { readonly includes?: readonly Glob[]; readonly excludes?: readonly Glob[] };
}

interface Glob {
  readonly namespace?: string;
  readonly container?: string;
}

export interface ForwarderCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** Finds the values of a Secret or a ConfigMap, by key; undefined if the object is missing. */
export type ValueLookup = (kind: "secret" | "configmap", name: string) => Readonly<Record<string, string>> | undefined;

const PREFIX = "observability.openshift.io";

/** The kinds of logs that need no declared input (openshift/cluster-logging-operator, `internal/api/observability/input_types.go`, master). */
export const RESERVED_INPUTS = ["application", "infrastructure", "audit"];

/** A condition whose transition time is now. */
export function forwarderCondition(type: string, met: boolean, reason: string, message: string): ForwarderCondition {
  return { type, status: met ? "True" : "False", reason, message, lastTransitionTime: kubeTime() };
}

/** The condition of an input, output or pipeline: its problems, or that it is valid. */
function partCondition(part: "Input" | "Output" | "Pipeline", name: string, problems: readonly string[]): ForwarderCondition {
  const type = `${PREFIX}/Valid${part}-${name}`;
  return problems.length > 0
    ? forwarderCondition(type, false, "ValidationFailure", problems.join(","))
    : forwarderCondition(type, true, "ValidationSuccess", `${part.toLowerCase()} "${name}" is valid`);
}

/** The conditions of the inputs (`internal/validations/observability/inputs/application.go`, master). */
export function inputConditions({ inputs = [] }: ForwarderSpec): ForwarderCondition[] {
  return inputs.map(({ name, application = {} }) => {
    const wrong = (["excludes", "includes"] as const).flatMap((list) =>
      (application[list] ?? []).flatMap((glob, index) =>
        (["namespace", "container"] as const)
          .filter((field) => !/^[a-zA-Z0-9*-]*$/.test(glob[field] ?? ""))
          .map((field) => `${list}[${index}].${field}`),
      ),
    );
    return partCondition("Input", name, wrong.length > 0 ? [`globs must match "^[a-zA-Z0-9\\\\*\\\\-]*$" for: ${wrong.join(",")}`] : []);
  });
}

/** The conditions of the outputs (`internal/validations/observability/outputs/validate.go` and `common/validate.go`, master). */
export function outputConditions({ outputs, pipelines }: ForwarderSpec, valueOf: ValueLookup): ForwarderCondition[] {
  return outputs.map((output) => {
    const missing = referencesIn(output).flatMap(({ kind, name, key }) => {
      const data = valueOf(kind, name);
      if (data === undefined) return [`${kind}[${name}] not found`];
      if (!(key in data)) return [`${kind}[${name}.${key}] not found`];
      return data[key] === "" ? [`${kind}[${name}.${key}] value is empty`] : [];
    });
    const used = pipelines.some(({ outputRefs }) => outputRefs.includes(output.name));
    return partCondition("Output", output.name, [...missing, ...(used ? [] : ["not referenced by any pipeline"])]);
  });
}

interface Reference {
  readonly kind: "secret" | "configmap";
  readonly name: string;
  readonly key: string;
}

/** The keys of Secrets and ConfigMaps that an output names, wherever they are in it. */
function referencesIn(value: unknown): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  const { key, secretName, configMapName, from, secret } = value as Readonly<Record<string, unknown>>;
  if (typeof key === "string" && typeof secretName === "string") return [{ kind: "secret", name: secretName, key }];
  if (typeof key === "string" && typeof configMapName === "string") return [{ kind: "configmap", name: configMapName, key }];
  if (from === "secret") {
    const named = secret as { name: string; key: string };
    return [{ kind: "secret", name: named.name, key: named.key }];
  }
  return Object.values(value).flatMap(referencesIn);
}

/** The conditions of the pipelines (`internal/validations/observability/pipelines/validate.go`, master). */
export function pipelineConditions({ inputs = [], outputs, pipelines }: ForwarderSpec): ForwarderCondition[] {
  const knownInputs = [...RESERVED_INPUTS, ...inputs.map(({ name }) => name)];
  return pipelines.map(({ name, inputRefs, outputRefs }) => {
    const lost = (refs: readonly string[], known: readonly string[]) => refs.filter((each) => !known.includes(each)).join(" ");
    const lostInputs = lost(inputRefs, knownInputs);
    const lostOutputs = lost(
      outputRefs,
      outputs.map((output) => output.name),
    );
    const texts = [...(lostInputs === "" ? [] : [`inputs[${lostInputs}]`]), ...(lostOutputs === "" ? [] : [`outputs[${lostOutputs}]`])];
    return partCondition("Pipeline", name, texts.length === 0 ? [] : [`refs not found: ${texts.join(",")}`]);
  });
}

/** The kinds of logs that the service account must be allowed to collect (`internal/validations/observability/validate_permissions.go`, master: gatherPipelineInputs). */
export function collectedKinds({ inputs = [], pipelines }: ForwarderSpec): string[] {
  const refs = pipelines.flatMap(({ inputRefs }) => inputRefs);
  const declared = inputs.filter(({ name }) => refs.includes(name));
  const infrastructure = declared.some(({ application }) =>
    application?.includes?.some(({ namespace = "" }) => /^default$|^openshift.*$|^kube.*$/.test(namespace)),
  );
  const kinds = [...refs.filter((ref) => RESERVED_INPUTS.includes(ref)), ...declared.map(({ type }) => type)];
  return [...new Set([...kinds, ...(infrastructure ? ["infrastructure"] : [])])].sort();
}
