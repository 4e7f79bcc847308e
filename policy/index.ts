import { PolicyPack, type PolicyResource, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { type DeclaredResource, formatProblem, type PolicyRule, type RuleSettings } from "./rule";
import { allRules } from "./rules";
import { publicListeners } from "./rules/public-listeners";
import { object, plainValue } from "./value";

/** Wraps a rule for the Pulumi engine, which calls the rule before it creates or changes a resource, in previews and updates. */
function resourcePolicy(rule: PolicyRule): ResourceValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    enforcementLevel: "mandatory",
    configSchema: { properties: schemaOf(rule.defaults) },
    validateResource(args, reportViolation) {
      if (!rule.appliesTo(args.type)) return;
      const { type, urn, name, props, opts, provider } = args;
      const declared = toDeclaredResource({ type, urn, name, props, protect: opts.protect, providerProps: provider?.props });
      for (const problem of rule.check(declared, settings(rule.defaults, args.getConfig()))) reportViolation(formatProblem(problem));
    },
  };
}

/** The rule for listeners, which needs several resources. The Pulumi engine calls it with all of them at the end of a preview or update. */
const listeners: StackValidationPolicy = {
  name: publicListeners.name,
  description: publicListeners.description,
  enforcementLevel: "mandatory",
  configSchema: { properties: schemaOf(publicListeners.defaults) },
  validateStack(args, reportViolation) {
    const given = settings(publicListeners.defaults, args.getConfig());
    for (const resource of args.resources.filter(({ type }) => publicListeners.listenerTypes.includes(type))) {
      const of = (property: string): DeclaredResource[] => (resource.propertyDependencies[property] ?? []).map(declaredResourceOf);
      const listening = {
        listener: declaredResourceOf(resource),
        loadBalancers: of("loadBalancerArn"),
        targetGroups: of("defaultActions"),
      };
      for (const problem of publicListeners.check(listening, given)) reportViolation(formatProblem(problem), resource.urn);
    }
  },
};

function declaredResourceOf({ type, urn, name, props, opts }: PolicyResource): DeclaredResource {
  return toDeclaredResource({ type, urn, name, props, protect: opts.protect });
}

interface Given {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: unknown;
  readonly protect: boolean;
  readonly providerProps?: unknown;
}

function toDeclaredResource({ type, urn, name, props, protect, providerProps }: Given): DeclaredResource {
  const provider = object(plainValue(providerProps));
  return { type, urn, name, protect, properties: object(plainValue(props)) ?? {}, ...(provider && { provider }) };
}

/** A rule's defaults, overridden by the pack's configuration. */
function settings<Wanted extends RuleSettings>(defaults: Wanted, given: object): Wanted {
  const known = Object.entries(given as RuleSettings).filter(([key]) => key in defaults);
  return { ...defaults, ...Object.fromEntries(known) };
}

/** JSON schema of a rule's settings, against which the Pulumi engine checks the pack's configuration. */
function schemaOf(defaults: RuleSettings): Record<string, object> {
  const text = { type: "string" };
  return Object.fromEntries(
    Object.entries(defaults).map(([key, value]): [string, object] => {
      if (Array.isArray(value)) return [key, { type: "array", items: text }];
      return [key, typeof value === "object" ? { type: "object", additionalProperties: text } : { type: typeof value }];
    }),
  );
}

new PolicyPack("okd-aws", { policies: [...allRules.map(resourcePolicy), listeners] });
