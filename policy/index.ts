import { PolicyPack, type PolicyResource, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { type Declared, present, type Rule, type Settings } from "./rule";
import { allRules } from "./rules";
import { publicListeners } from "./rules/public-listeners";
import { object, plain } from "./value";

/** A rule as the engine asks it: before a resource is made or changed, in previews and updates. */
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
      for (const refusal of rule.check(declared, settings(rule.defaults, args.getConfig()))) reportViolation(present(refusal));
    },
  };
}

/** What listens where, seen over all resources, at the end of a preview or update. */
const listeners: StackValidationPolicy = {
  name: publicListeners.name,
  description: publicListeners.description,
  enforcementLevel: "mandatory",
  configSchema: { properties: schemaOf(publicListeners.defaults) },
  validateStack(args, reportViolation) {
    const given = settings(publicListeners.defaults, args.getConfig());
    for (const resource of args.resources.filter(({ type }) => publicListeners.listenerTypes.includes(type))) {
      const of = (property: string): Declared[] => (resource.propertyDependencies[property] ?? []).map(toDeclared);
      const listening = { listener: toDeclared(resource), balancers: of("loadBalancerArn"), targetGroups: of("defaultActions") };
      for (const refusal of publicListeners.check(listening, given)) reportViolation(present(refusal), resource.urn);
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

/** The pack's configuration for a rule, and the rule's defaults for what that leaves out. */
function settings<Wanted extends Settings>(defaults: Wanted, given: object): Wanted {
  const known = Object.entries(given as Settings).filter(([key]) => key in defaults);
  return { ...defaults, ...Object.fromEntries(known) };
}

/** The settings' types, which the engine checks a configuration against. */
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
