import type { ValueProblem } from "../problem";
import { isObjectName } from "../object-name";

/** Seconds of each unit of a duration, in the order in which a duration lists the units. */
const SECONDS = { y: 365 * 86_400, w: 7 * 86_400, d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** A duration (prometheus-operator/prometheus-operator, `pkg/apis/monitoring/v1/types.go`, Duration, v0.85.0). */
const DURATION = new RegExp(
  `^${Object.keys(SECONDS)
    .map((unit) => `(?:(\\d+)${unit})?`)
    .join("")}$`,
);

/** Prometheus refuses a duration above 292 years (prometheus/common, `model/time.go`, main). The limit is this project's choice. */
const MAX_SECONDS = 100 * SECONDS.y;

/** Checks how long metrics are kept: a Prometheus duration above zero. */
export function retentionProblem(text: string): ValueProblem | undefined {
  const allowed = "a Prometheus duration such as 15d or 24h, with whole numbers, up to 100y";
  const [matched, ...numbers] = DURATION.exec(text) ?? [];
  if (matched === undefined) return { wrong: "is not a duration of Prometheus", allowed };
  const seconds = Object.values(SECONDS).reduce(
    (sum, each, index) => sum + each * Number((numbers as (string | undefined)[])[index] ?? 0),
    0,
  );
  if (seconds === 0) return { wrong: "is zero", allowed };
  return seconds > MAX_SECONDS ? { wrong: "is longer than 100 years", allowed } : undefined;
}

/** Bytes of each unit. Prometheus uses powers of 1024 also for MB, GB and TB (alecthomas/units, `bytes.go`, master: Base2Bytes). */
const UNITS: Readonly<Record<string, number>> = { MB: 2 ** 20, MiB: 2 ** 20, GB: 2 ** 30, GiB: 2 ** 30, TB: 2 ** 40, TiB: 2 ** 40 };

/** The bytes of a retention size; undefined if it is not one. */
export function retentionBytes(text: string): number | undefined {
  const match = /^(\d+)([A-Za-z]+)$/.exec(text);
  return match === null || !Object.hasOwn(UNITS, match[2]) ? undefined : Number(match[1]) * UNITS[match[2]];
}

/** Checks the size that metrics may have on disk. */
export function retentionSizeProblem(text: string): ValueProblem | undefined {
  const bytes = retentionBytes(text);
  const allowed = "a whole number and MB, MiB, GB, GiB, TB or TiB, such as 80GiB";
  if (bytes === undefined) {
    const quantity = /^(\d+)\s*([MGT])i?$/.exec(text);
    return { wrong: "is not a size of Prometheus", allowed, ...(quantity && { instead: `${quantity[1]}${quantity[2]}iB` }) };
  }
  return bytes > 0 ? undefined : { wrong: "is zero", allowed };
}

/** Checks the name of a storage class, which may be a built-in one. */
export function classNameProblem(name: string): ValueProblem | undefined {
  return isObjectName(name)
    ? undefined
    : { wrong: "is not a valid name of a storage class", allowed: "lower-case letters, digits, hyphens and dots, at most 253 characters" };
}
