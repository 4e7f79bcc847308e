import { cronProblem, intervalSeconds, restrictsBothDays } from "../cron";
import { isDnsLabel } from "../object-name";
import type { ValueProblem } from "../problem";

/**
 * Longest name of a schedule. Velero adds 15 characters to it for the name of each backup. The backup's name is also the value of a label,
 * which has at most 63 characters.
 */
const MAX_NAME = 40;

/** Shortest interval between backups; this project's choice. A backup takes minutes, and each backup is a set of objects in S3. */
const MIN_INTERVAL_MINUTES = 5;

/**
 * Checks when backups are made. Velero reads cron expressions with netresearch/go-cron (v0.15.0, `parser.go` and `spec.go`: dayMatches),
 * for which a day must match both the day of the month and the day of the week; for other cron programs a match of one of them is enough.
 * An expression for which go-cron finds no time within five years would be due every minute (vmware-tanzu/velero,
 * `pkg/controller/schedule_controller.go`: getNextRunTime, v1.18.3). So an expression may restrict only the day of the month or the day of
 * the week.
 */
export function backupTimesProblem(text: string): ValueProblem | undefined {
  const problem = cronProblem(text);
  if (problem !== undefined) return problem;
  if (restrictsBothDays(text))
    return {
      wrong: "restricts both the day of month and the day of week, and Velero would run only on days that match both",
      allowed: "* for the day of month or for the day of week",
    };
  const seconds = intervalSeconds(text) ?? Infinity;
  return seconds < MIN_INTERVAL_MINUTES * 60
    ? { wrong: `is an interval of less than ${MIN_INTERVAL_MINUTES} minutes`, allowed: `@every ${MIN_INTERVAL_MINUTES}m or longer` }
    : undefined;
}

/** Checks the name of a schedule. */
export function scheduleNameProblem(name: string): ValueProblem | undefined {
  if (isDnsLabel(name) && name.length <= MAX_NAME) return undefined;
  return { wrong: "is not a valid name of a schedule", allowed: `1 to ${MAX_NAME} lower-case letters, digits and hyphens` };
}

/**
 * Checks a namespace, or a pattern of namespaces with `*` and `?` (vmware-tanzu/velero, `pkg/util/wildcard/expand.go`, release-1.18). Velero
 * also knows `[abc]`, which is not supported here.
 */
export function namespacePatternProblem(text: string): ValueProblem | undefined {
  if (text.length <= 63 && /^[a-z0-9*?]([a-z0-9*?-]*[a-z0-9*?])?$/.test(text) && !text.includes("**")) return undefined;
  return {
    wrong: "is neither a namespace nor a pattern of namespaces",
    allowed: "a name, or a pattern with single * and ?, such as team-*",
  };
}

/** Checks a namespace to exclude from backups. Excluding every namespace is refused, because the backup would then be empty. */
export function excludedNamespaceProblem(text: string): ValueProblem | undefined {
  return text === "*"
    ? { wrong: "leaves out every namespace", allowed: "names and patterns such as team-*" }
    : namespacePatternProblem(text);
}

/** Shortest password of the repositories; this project's choice. */
const MIN_PASSWORD = 16;

/** The password with which Velero creates repositories if nobody gives it another (vmware-tanzu/velero, `pkg/repository/keys/keys.go`, release-1.18). */
const PUBLIC_PASSWORD = "static-passw0rd";

/** Checks the password of the repositories; the message does not show it. */
export function repositoryPasswordProblem(password: string): ValueProblem | undefined {
  const allowed = `at least ${MIN_PASSWORD} characters, on one line without a line break at its end`;
  if (password === PUBLIC_PASSWORD) return { wrong: "is Velero's own password, which is public", allowed };
  if (password.length < MIN_PASSWORD) return { wrong: `has ${password.length} characters`, allowed };
  if (password.trim() === password && !/[\r\n]/.test(password)) return undefined;
  return { wrong: "has white space at an end, or several lines", allowed };
}

/** Name of the location to which all schedules back up. */
export const OWN_LOCATION = "default";

/** Checks the name of a location. Velero puts it into a label's value, and names a Secret after it. */
export function locationNameProblem(name: string): ValueProblem | undefined {
  if (name === OWN_LOCATION) return { wrong: "is the name of the location with the cluster's own backups", allowed: "another name" };
  if (isDnsLabel(name) && name.length <= MAX_NAME) return undefined;
  return { wrong: "is not a valid name of a location", allowed: `1 to ${MAX_NAME} lower-case letters, digits and hyphens` };
}

/**
 * Checks a folder in a bucket. Velero refuses a folder that is empty between two slashes (vmware-tanzu/velero,
 * `pkg/persistence/object_store.go`, release-1.18), and the allowed characters need no escaping in the ARN of a policy. Folders of dots
 * only are refused, because Velero resolves `.` and `..` (`pkg/persistence/object_store_layout.go`) and S3's policies do not.
 */
export function backupPrefixProblem(text: string): ValueProblem | undefined {
  return /^[\w.-]+(\/[\w.-]+)*$/.test(text) && !text.split("/").some((folder) => /^\.+$/.test(folder))
    ? undefined
    : {
        wrong: "is not a folder in a bucket",
        allowed: "letters, digits, ., - and _, with single slashes between folders, and no folder of dots only",
      };
}
