import type { Flaw } from "../finding";
import { trustBundleFlaw } from "./trust-bundle";

/** Part of object names, of the callback URL and of every identity; lower case, so that all three can be one name. */
export function providerNameFlaw(name: string): Flaw | undefined {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) return undefined;
  return {
    wrong: `is ${JSON.stringify(name)}`,
    allowed: "1 to 40 lower-case letters, digits and hyphens, none of them at an end but letters and digits",
  };
}

/** PEM certificates, as of {@link trustBundleFlaw}, at another place than its own key. */
export function certificatesFlaw(text: string): Flaw | undefined {
  const flaw = trustBundleFlaw(text);
  return (
    flaw && {
      wrong: flaw.wrong,
      allowed: "PEM certificates, one after the other",
      fix: "put the certificates there as they are in their file",
    }
  );
}

/** A URL of https without user, query and fragment: what OpenShift takes for an issuer or a server (openshift/api, `config/v1/types_oauth.go`). */
export function httpsUrlFlaw(text: string): Flaw | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.password === "" && url.search === "" && url.hash === "") return undefined;
  return { wrong: "is not an https URL without user, query and fragment", allowed: "https://host[:port][/path]" };
}

/** Where an authenticating proxy is: the client's own URL or query is put into it (OpenShift, request header identity provider). */
export function proxyUrlFlaw(text: string): Flaw | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const passedOn = text.includes("${url}") || text.includes("${query}");
  if (url?.protocol === "https:" && passedOn) return undefined;
  return {
    wrong: url?.protocol === "https:" ? "passes neither ${url} nor ${query} on" : "is not an https URL",
    allowed: "https://host/path?${query}, or with ${url}",
  };
}

/** RFC 2255: ldap://host:port/basedn?attribute?scope?filter; OpenShift knows no extensions. */
export function ldapUrlFlaw(text: string): Flaw | undefined {
  const allowed = "ldap[s]://host[:port]/base DN?attribute?scope?(filter)";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["ldap:", "ldaps:"].includes(url.protocol) || url.hostname === "")
    return { wrong: "is not an LDAP URL", allowed };
  if (url.username !== "" || url.password !== "") return { wrong: "has a user in it, who belongs into bindDN", allowed };
  if (url.pathname.length < 2) return { wrong: "names no base DN", allowed };
  const [, scope = "", filter = ""] = url.search.slice(1).split("?");
  if (!["", "sub", "one", "base"].includes(scope)) return { wrong: "has a scope that is none of sub, one and base", allowed };
  if (filter !== "" && !/^\(.*\)$/.test(decodeURIComponent(filter))) return { wrong: "has a filter without brackets around it", allowed };
  return undefined;
}

/** GitHub's own names: `organization/team`. */
export function githubTeamFlaw(team: string): Flaw | undefined {
  return /^[^/\s]+\/[^/\s]+$/.test(team) ? undefined : { wrong: "is not of the form organization/team" };
}

export function hostFlaw(text: string): Flaw | undefined {
  const allowed = "the name of a host";
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return { wrong: "is not the name of a host", allowed };
  return undefined;
}

/** Five fields of numbers, ranges, steps and names (Kubernetes, CronJob `spec.schedule`), each within what it counts. */
export function cronFlaw(text: string): Flaw | undefined {
  const allowed = "five fields: minute, hour, day of month, month, day of week; or @hourly, @daily, @weekly, @monthly";
  if (["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"].includes(text)) return undefined;
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return { wrong: `has ${fields.length} fields`, allowed };
  const bad = FIELDS.find((limits, index) => !fields[index].split(",").every((part) => isCronPart(part, limits)));
  return bad && { wrong: `has ${JSON.stringify(fields[FIELDS.indexOf(bad)])} for the ${bad.name}`, allowed };
}

interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly CronField[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  {
    name: "month",
    least: 1,
    most: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of week", least: 0, most: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

function isCronPart(part: string, { least, most, words = [] }: CronField): boolean {
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  if (range === "" || step === "0") return false;
  if (range === "*") return true;
  const ends = range
    .toLowerCase()
    .split("-")
    .map((end) => (/^\d+$/.test(end) ? Number(end) : words.indexOf(end) + (words.includes(end) ? least : NaN)));
  return ends.length <= 2 && ends.every((end) => end >= least && end <= most) && (ends.length === 1 || ends[0] <= ends[1]);
}
