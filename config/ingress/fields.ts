import { isIP } from "node:net";
import type { ValueProblem } from "../problem";
import type { Requirement } from "./label-selector";
import { chainProblem } from "../certificates";
import { setPrivateKey, tlsKeyProblem } from "../private-key";

/** Name of the cluster's own IngressController. */
const DEFAULT = "default";

/**
 * Maximum characters of a shard's name, because the router's host name contains it. A load balancer with WAF sets no limit: its name contains
 * only a hash of the shard's name.
 */
const MAX_NAME_CHARACTERS = 30;

/** A label of a DNS name, which is also a valid name of an object (RFC 1123). */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

export function shardNameProblem(name: string): ValueProblem | undefined {
  if (name === DEFAULT)
    return {
      wrong: "is the name of the cluster's own router",
      fix: "choose another name; the keys of the default router start with defaultRouter",
    };
  if (!DNS_LABEL.test(name)) return { wrong: `is ${JSON.stringify(name)}, which is not a name of lower-case letters, digits and hyphens` };
  return name.length > MAX_NAME_CHARACTERS ? { wrong: `is longer than ${MAX_NAME_CHARACTERS} characters` } : undefined;
}

/** A name of at most 63 characters, optionally with a domain as prefix (Kubernetes, "Labels and Selectors"). */
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** Checks labels against Kubernetes' syntax. */
export function labelProblems(labels: Readonly<Record<string, string>>): ValueProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!LABEL_KEY.test(key)) return [{ wrong: `has a label key that Kubernetes doesn't allow: ${JSON.stringify(key)}` }];
    return LABEL_VALUE.test(value)
      ? []
      : [{ wrong: `has a value for the label ${key} that Kubernetes doesn't allow: ${JSON.stringify(value)}` }];
  });
}

/** Checks an expression: In and NotIn need values, the other operators must have none. */
export function expressionProblem({ key, operator, values }: Expression): ValueProblem | undefined {
  const compares = operator === "In" || operator === "NotIn";
  if (compares && values.length === 0) return { wrong: `has the operator ${operator}, but no values` };
  if (!compares && values.length > 0) return { wrong: `has values, but the operator ${operator} takes none` };
  return ["", ...values].flatMap((value) => labelProblems({ [key]: value })).at(0);
}

interface Expression {
  readonly key: string;
  readonly operator: Requirement["operator"];
  readonly values: readonly string[];
}

/** A toleration, written like the taint that it tolerates in `kubectl taint`: `key=value:Effect` or `key:Effect`. */
export const TOLERATION = /^(?<key>[^=:]+)(=(?<value>[^:]*))?:(?<effect>NoSchedule|PreferNoSchedule|NoExecute)$/;

export function tolerationProblem(text: string): ValueProblem | undefined {
  const parts = TOLERATION.exec(text)?.groups as Readonly<Record<string, string | undefined>> | undefined;
  if (parts?.key === undefined) return { wrong: "is not a taint such as key=value:NoSchedule" };
  return labelProblems({ [parts.key]: parts.value ?? "" }).at(0);
}

export function infraNodeProblem(text: string): ValueProblem | undefined {
  return /^infra-(0|[1-9]\d*)$/.test(text) ? undefined : { wrong: "is not a valid name of an infra node, such as infra-0" };
}

/** Checks a subnet's ID. The IngressController's CRD allows only the longer form with 17 hexadecimal digits. */
export function shardSubnetProblem(id: string): ValueProblem | undefined {
  return /^subnet-[0-9a-f]{17}$/.test(id) ? undefined : { wrong: "is not the ID of a subnet, such as subnet-0123456789abcdef0" };
}

export function eipAllocationProblem(id: string): ValueProblem | undefined {
  return /^eipalloc-[0-9a-f]{17}$/.test(id)
    ? undefined
    : { wrong: "is not the allocation ID of an Elastic IP address, such as eipalloc-0123456789abcdef0" };
}

/**
 * Checks the target of an access log: `Container`, or a syslog server by its IP address. The router accepts no host names (IngressController,
 * logging).
 */
export function accessLoggingProblem(value: string): ValueProblem | undefined {
  if (value === "Container") return undefined;
  const { address, port } = syslogOf(value);
  if (isIP(address) === 0) return { wrong: "is neither Container nor an IP address with a port, such as 10.0.0.9:514" };
  return port >= 1 && port <= 65535 ? undefined : { wrong: "has no valid port (1 to 65535)" };
}

/** Splits `<IP address>:<port>`; an IPv6 address is in brackets. */
export function syslogOf(value: string): { readonly address: string; readonly port: number } {
  const [, bare = "", port = "0"] = /^(.*):(\d{1,5})$/.exec(value) ?? [];
  return { address: bare.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/**
 * Checks a shard's certificate. Dates are not checked: an expired certificate must not stop the `pulumi up` that replaces it.
 */
export const certificateProblem = chainProblem(
  "set the server's certificate with its intermediates; its key belongs in routerCertificateKeys, which is secret",
  {
    dates: false,
  },
);

export const certificateKeyProblem = tlsKeyProblem(setPrivateKey("--path 'routerCertificateKeys.<shard>'"));
