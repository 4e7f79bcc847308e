import { neededElasticOperator } from "../elastic/settings";
import { grafanaOperator } from "../grafana/settings";
import { neededLoggingOperator, neededLokiOperator } from "../logging/operators";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import { oadpFor, oadpOperator } from "../velero/oadp";
import { neededOperatorProblems, type OperatorUse } from "./needed-operator";

const KEYS = ["elasticLicence", "grafana", "logPipelines", "lokiSize", "veleroSchedules", "distribution", "release"] as const;

/** The operators that the configured services need. */
export function operatorUses(facts: Pick<Settings, (typeof KEYS)[number]>): readonly OperatorUse[] {
  return [...veleroUses(facts), ...loggingUses(facts), ...elasticUses(facts), ...grafanaUses(facts)];
}

/** One rule for all services, because the fixes for missing operators must not set the same item of the list. */
export const servicesHaveTheirOperators = rule(["operators", ...KEYS], ({ operators, ...facts }) =>
  neededOperatorProblems(operators, operatorUses(facts)),
);

function veleroUses({ veleroSchedules, release }: Pick<Settings, "veleroSchedules" | "release">): OperatorUse[] {
  const version = parseVersion(release);
  const oadp = veleroSchedules.length > 0 && version?.distribution === "openshift" ? oadpFor(version.minor) : undefined;
  return oadp ? [{ key: "veleroSchedules", needed: oadpOperator(oadp) }] : [];
}

function loggingUses({ lokiSize, logPipelines, ...settings }: Pick<Settings, "lokiSize" | "logPipelines" | "release" | "distribution">) {
  const loki: OperatorUse[] = lokiSize === "" ? [] : [{ key: "lokiSize", needed: neededLokiOperator(settings) }];
  const key = lokiSize === "" ? "logPipelines" : "lokiSize";
  return loki.length > 0 || logPipelines.length > 0 ? [...loki, { key, needed: neededLoggingOperator(settings) }] : [];
}

function elasticUses({ elasticLicence, distribution }: Pick<Settings, "elasticLicence" | "distribution">): OperatorUse[] {
  return elasticLicence === "" ? [] : [{ key: "elasticLicence", needed: neededElasticOperator({ distribution }) }];
}

function grafanaUses({ grafana }: Pick<Settings, "grafana">): OperatorUse[] {
  return grafana ? [{ key: "grafana", needed: grafanaOperator }] : [];
}
