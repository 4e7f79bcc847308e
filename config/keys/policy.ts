import { key, list } from "../key";
import { approvedTypeFlaw } from "../rules/machine-types";
import { approvedRegionFlaw } from "../rules/region";

/** Longer lists approve everything. */
const MOST_APPROVED = 50;

/** What the policy pack lets through besides what follows from other keys (docs/policy.md). */
export const policyKeys = {
  approvedRegions: key(list(approvedRegionFlaw, { most: MOST_APPROVED }), {
    description: "Regions in which the policy pack lets things be made, the stack's own among them.",
    allowed: "codes of regions",
    example: '["us-east-1"]',
    source: "this project",
    whenEmpty: "the stack's own region",
  }),
  approvedInstanceTypes: key(list(approvedTypeFlaw, { most: MOST_APPROVED }), {
    description: "Types of machines that the policy pack lets through: a change to another one has to change this list, too.",
    allowed: "EC2 instance types, and families such as m6i.*",
    example: '["m6i.*", "t3.large"]',
    source: "this project",
    whenEmpty: "the types that the configuration names",
  }),
} as const;
