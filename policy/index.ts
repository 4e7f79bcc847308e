import { PolicyPack, type PolicyResource, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { type Declared, formatProblem, type Rule, type Settings } from "./rule";
import { allRules } from "./rules";
import { publicListeners } from "./rules/public-listeners";
import { object, plain } from "./value";

/** Wraps a rule for the Pulumi engine, which calls it before it creates or changes a resource, in previews and updates. */
function resourcePolicy(rule: Rule): ResourceValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: "mandatory",
    configSchema: { properties: schemaOf(rule.defaults) },
    validateResource(args, reportViolation) {
      if (!rule.appliesTo(args.type)) return;
      const { type, urn, name, props, opts, provider } = args;
      const declared = declare({ type, urn, name, props, protect: opts.protect, providerProps: provider?.props });
      for (const problem of rule.check(declared, settings(rule.defaults, args.getConfig()))) reportViolation(formatProblem(problem));
    },
  };
}

/** The rule for listeners, which needs several resources. The engine calls it with all of them at the end of a preview or update. */
const listeners: StackValidationPolicy = {
  name: publicListeners.name,
  description: publicListeners.description,
  enforcementLevel: "mandatory",
  configSchema: { properties: schemaOf(publicListeners.defaults) },
  validateStack(args, reportViolation) {
    const given = settings(publicListeners.defaults, args.getConfig());
    for (const resource of args.resources.filter(({ type }) => publicListeners.listenerTypes.includes(type))) {
      const of = (property: string): Declared[] => (resource.propertyDependencies[property] ?? []).map(toDeclared);
      const listening = { listener: toDeclared(resource), loadBalancers: of("loadBalancerArn"), targetGroups: of("defaultActions") };
      for (const problem of publicListeners.check(listening, given)) reportViolation(formatProblem(problem), resource.urn);
    }
  },
};

function toDeclared({ type, urn, name, props, opts }: PolicyResource): Declared {
  return declare({ type, urn, name, props, protect: opts.protect });
}

interface Given {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: unknown;
  readonly protect: boolean;
  readonly providerProps?: unknown;
}

function declare({ type, urn, name, props, protect, providerProps }: Given): Declared {
  const provider = object(plain(providerProps));
  return { type, urn, name, protect, properties: object(plain(props)) ?? {}, ...(provider && { provider }) };
}

/** A rule's defaults, overridden by the pack's configuration. */
function settings<Wanted extends Settings>(defaults: Wanted, given: object): Wanted {
  const known = Object.entries(given as Settings).filter(([key]) => key in defaults);
  return { ...defaults, ...Object.fromEntries(known) };
}

/** JSON schema of a rule's settings, against which the engine checks the pack's configuration. */
function schemaOf(defaults: Settings): Record<string, object> {
  const text = { type: "string" };
  return Object.fromEntries(
    Object.entries(defaults).map(([key, value]): [string, object] => {
      if (Array.isArray(value)) return [key, { type: "array", items: text }];
      return [key, typeof value === "object" ? { type: "object", additionalProperties: text } : { type: typeof value }];
    }),
  );
}

new PolicyPack("okd-aws", { policies: [...allRules.map(resourcePolicy), listeners] });
