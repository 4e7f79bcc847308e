import { isIPv4 } from "node:net";
import type { ValueProblem } from "../problem";
import { sshPublicKeyProblem } from "../ssh-key";

/** Default local port that is forwarded to the installer host's port 22. */
export const DEFAULT_FORWARDED_PORT = 2222;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Parses a text that {@link bastionHostProblem} accepts into a host and its ssh port. */
export function parseSshHost(text: string): { readonly host: string; readonly port: number } {
  const [host = "", port = "22"] = text.split(":");
  return { host, port: Number(port) };
}

/** Checks a host name or IPv4 address with an optional port. */
export function bastionHostProblem(text: string): ValueProblem | undefined {
  if (/^[a-z]+:\/\//.test(text)) return { wrong: "has a scheme", instead: text.replace(/^[a-z]+:\/\/([^/@]*@)?/, "").split("/")[0] };
  if (text.includes("@")) return { wrong: "has a user in it, which belongs in bastionUser", instead: text.replace(/^.*@/, "") };
  const { host, port } = parseSshHost(text);
  if (text.split(":").length > 2 || !(isIPv4(host) || (HOST_NAME.test(host) && !/^[\d.]+$/.test(host))))
    return { wrong: "is neither a lower-case host name nor an IPv4 address" };
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { wrong: "has an invalid port" };
  return undefined;
}

/** Checks a user name, which must be safe for a shell and sshd. */
export function bastionUserProblem(text: string): ValueProblem | undefined {
  return /^[a-z_][a-z0-9_.-]{0,31}$/i.test(text) ? undefined : { wrong: "is not a valid name of a user" };
}

export const SET_HOST_KEY = 'pulumi config set bastionHostKey -- "$(ssh <bastion> cat /etc/ssh/ssh_host_ecdsa_key.pub)"';

/** Checks the public part of a host key. */
export function hostKeyProblem(text: string): ValueProblem | undefined {
  const [first = "", second = "", third = ""] = text.trim().split(/\s+/);
  if (sshPublicKeyProblem(`${second} ${third}`) === undefined)
    return { wrong: `starts with the host, like a line of known_hosts: ${first}`, instead: `${second} ${third}` };
  const problem = sshPublicKeyProblem(text);
  if (problem?.wrong.includes("private key")) return { wrong: "is a private key, which must stay on the bastion", fix: SET_HOST_KEY };
  return problem && { wrong: problem.wrong, fix: SET_HOST_KEY };
}
