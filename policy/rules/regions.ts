import { named } from "../ranges";
import { type Refusal, rule } from "../rule";

const providerType = "pulumi:providers:aws";

export const regions = rule({
  name: "regions",
  description: "Everything is in an approved region.",
  defaults: { regions: [] as readonly string[] },
  appliesTo: (type) => type.startsWith("aws:") || type === providerType,
  check({ type, properties, provider }, { regions: approved }) {
    const { region } = properties;
    if (typeof region !== "string" || region === "" || approved.includes(region)) return [];
    // Whatever goes through a provider of a wrong region is said with the provider, once.
    if (type !== providerType && region === provider?.region) return [];
    return [refusal(region, approved)];
  },
});

function refusal(region: string, approved: readonly string[]): Refusal {
  return {
    wrong: "is in a region that isn't approved",
    value: region,
    allowed: named(approved, "none: the pack was started without the stack's settings (docs/policy.md)"),
    fix: "declare it in the stack's region (aws:region), or have the region approved: approvedRegions",
  };
}
