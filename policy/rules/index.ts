import type { PolicyRule } from "../rule";
import { encryption } from "./encryption";
import { exposure } from "./exposure";
import { iamActions } from "./iam-actions";
import { instanceMetadata } from "./instance-metadata";
import { instanceTypes } from "./instance-types";
import { machineConfigBalancers } from "./machine-config-balancers";
import { machineConfigServer } from "./machine-config-server";
import { protectedMasters } from "./protected-masters";
import { publicBuckets } from "./public-buckets";
import { regions } from "./regions";
import { requiredTags } from "./tags";

/** Every rule for single resources. */
export const rules = {
  machineConfigServer,
  machineConfigBalancers,
  exposure,
  encryption,
  instanceMetadata,
  publicBuckets,
  iamActions,
  tagging: requiredTags,
  protectedMasters,
  regions,
  instanceTypes,
} as const;

/** All rules as a list. */
export const allRules: readonly PolicyRule[] = Object.values(rules);
