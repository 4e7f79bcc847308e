import type { ValueProblem } from "../problem";
import { groupSubjectProblem } from "../user-names";

/** The dashboards by topic, in the order in which the guide lists them. */
export const DASHBOARD_TOPICS = ["health", "capacity", "etcd", "routers", "backups", "logging"] as const;
export type DashboardTopic = (typeof DASHBOARD_TOPICS)[number];

/**
 * Characters that have no special meaning in a JMESPath string and in an INI file. A quote, a dollar sign, a semicolon and a number sign have
 * one.
 */
const PLAIN = /^[\w.@:=,+ -]+$/;

/** Checks a group whose members get a role. Its name becomes part of an expression in Grafana's configuration file. */
export function grafanaGroupProblem(name: string): ValueProblem | undefined {
  return (
    groupSubjectProblem(name) ??
    (PLAIN.test(name)
      ? undefined
      : {
          wrong: "has a character that Grafana's configuration can't hold in the name of a group",
          allowed: "ASCII letters, digits, spaces and . _ - @ : = , +",
          fix: "give the role to another group",
        })
  );
}

/**
 * A complete pull specification. The operator would also accept a mere tag of Grafana's own image (grafana/grafana-operator,
 * `api/v1beta1/grafana_types.go`, v5.22.2: Version).
 */
const IMAGE = /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)+(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/;

/** Checks the pull specification of Grafana's image. Without a tag or digest the image could change with any restart. */
export function grafanaImageProblem(image: string): ValueProblem | undefined {
  return IMAGE.test(image)
    ? undefined
    : { wrong: "is not the pull specification of an image", allowed: "<registry>/<path>:<tag> or <registry>/<path>@sha256:<digest>" };
}
