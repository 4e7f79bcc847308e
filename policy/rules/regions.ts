import type { CompleteProblem } from "../../lib/problem";
import { listOrNone, policyRule } from "../rule";

const providerType = "pulumi:providers:aws";

export const regions = policyRule({
  name: "regions",
  description: "All resources are in an approved region.",
  defaults: { regions: [] as readonly string[] },
  appliesTo: (type) => type.startsWith("aws:") || type === providerType,
  check({ type, properties, provider }, { regions: approved }) {
    const { region } = properties;
    if (typeof region !== "string" || region === "" || approved.includes(region)) return [];
    // A wrong region of a provider is reported once, for the provider itself.
    if (type !== providerType && region === provider?.region) return [];
    return [problem(region, approved)];
  },
});

function problem(region: string, approved: readonly string[]): CompleteProblem {
  return {
    wrong: "is in a region that isn't approved",
    value: region,
    allowed: listOrNone(approved, "no region, because the policy pack was started without the stack's settings (docs/policy.md)"),
    fix: "declare it in the stack's region (aws:region), or add the region to approvedRegions",
  };
}
