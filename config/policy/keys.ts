import { key, list } from "../key";
import { approvedTypeProblem } from "../machines/fields";
import { approvedRegionProblem } from "../region";

/** Maximum number of entries; this project's choice. A longer list would approve nearly everything. */
const MAX_APPROVED = 50;

/** Keys for the policy pack. The pack derives its other limits from the keys of other topics (docs/policy.md). */
export const policyKeys = {
  approvedRegions: key(list(approvedRegionProblem, { max: MAX_APPROVED }), {
    description: "Regions in which the policy pack allows resources; include the stack's own region.",
    allowed: "region codes",
    example: '["us-east-1"]',
    source: "this project",
    whenEmpty: "the stack's own region",
  }),
  approvedInstanceTypes: key(list(approvedTypeProblem, { max: MAX_APPROVED }), {
    description: "Instance types that the policy pack allows. A change to another type must also change this list.",
    allowed: "EC2 instance types, or families such as m6i.*",
    example: '["m6i.*", "t3.large"]',
    source: "this project",
    whenEmpty: "the instance types in the configuration",
  }),
} as const;
