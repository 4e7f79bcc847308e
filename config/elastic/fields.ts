import { isDnsLabel } from "../object-name";
import type { ValueProblem } from "../problem";

/**
 * Checks the version of Elasticsearch, Kibana and Filebeat. The settings of Filebeat need 8.19 or newer (elastic.co, "filestream input"); the
 * operator knows versions up to 9 (elastic/cloud-on-k8s, `pkg/controller/common/version/version.go`, v3.5.0).
 */
export function stackVersionProblem(text: string): ValueProblem | undefined {
  const allowed = "a version from 8.19.0 to the newest 9.x, such as 9.4.3";
  const match = /^(0|[1-9]\d?)\.(0|[1-9]\d?)\.(0|[1-9]\d{0,2})$/.exec(text);
  if (match === null) return { wrong: "is not a version of Elasticsearch", allowed };
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major === 9 || (major === 8 && minor >= 19) ? undefined : { wrong: "is a version that this project does not support", allowed };
}

/** Checks the host name of Kibana's route. */
export function kibanaHostProblem(name: string): ValueProblem | undefined {
  const labels = name.split(".");
  if (name.length <= 253 && labels.length > 1 && labels.every(isDnsLabel)) return undefined;
  return { wrong: "is not a host name", allowed: "a name in lower case, such as logs.apps.prod.example.com" };
}

/**
 * Users that exist in Elasticsearch, or that the operator creates (elastic.co, "Built-in users"; elastic/cloud-on-k8s,
 * `pkg/controller/elasticsearch/user`, v3.5.0).
 */
const TAKEN =
  /^(elastic|elastic-internal.*|elastic-logging-.*|kibana|kibana_system|logstash_system|beats_system|apm_system|remote_monitoring_user)$/;

/** Checks the name of a user, which is part of the name of a Secret. */
export function logUserProblem(name: string): ValueProblem | undefined {
  const allowed = "1 to 40 lower-case letters, digits and hyphens";
  if (!isDnsLabel(name) || name.length > 40) return { wrong: "is not a valid name of a user", allowed };
  return TAKEN.test(name)
    ? { wrong: "is the name of a built-in user of Elasticsearch or its operator", allowed: "another name" }
    : undefined;
}

/** Shortest password: this project's choice; Elasticsearch requires 6 characters. */
const MIN_PASSWORD = 12;

/** The operator hashes passwords with bcrypt, which refuses longer passwords (golang/crypto, `bcrypt/bcrypt.go`, GenerateFromPassword, master). */
const MAX_PASSWORD_BYTES = 72;

/** Checks the password of a user; the message does not show it. */
export function logPasswordProblem(password: string): ValueProblem | undefined {
  const bytes = Buffer.byteLength(password);
  const fits = password.length >= MIN_PASSWORD && bytes <= MAX_PASSWORD_BYTES;
  if (fits && password.trim() === password && !/[\r\n]/.test(password)) return undefined;
  return {
    wrong: fits ? "begins or ends with white space, or has several lines" : `has ${password.length} characters in ${bytes} bytes`,
    allowed: `at least ${MIN_PASSWORD} characters in at most ${MAX_PASSWORD_BYTES} bytes, on one line without a line break at its end`,
  };
}
