import { isIP } from "node:net";
import type { ValueProblem } from "../problem";
import { decodeBase64 } from "../pem";
import { urlProblem } from "../url";
import { isDnsLabel } from "../object-name";

/** Maximum characters of texts that the console shows on one line, also in a narrow window; this project's choice. */
const BANNER_CHARACTERS = 200;
const PRODUCT_NAME_CHARACTERS = 100;

/** Maximum characters of a logo. A ConfigMap holds 1 MiB (Kubernetes documentation, "ConfigMaps"), and the rest of the object needs room, too. */
export const MAX_LOGO_CHARACTERS = 930_000;

const HOST = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/i;
/** A Kubernetes label in the form key=value (Kubernetes documentation, "Labels and Selectors"). */
const LABEL =
  /^([a-z0-9]([-.a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?=([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

export function bannerProblem(text: string): ValueProblem | undefined {
  return lineProblem(text, BANNER_CHARACTERS);
}

export function productNameProblem(text: string): ValueProblem | undefined {
  return lineProblem(text, PRODUCT_NAME_CHARACTERS);
}

export function linkTextProblem(text: string): ValueProblem | undefined {
  return lineProblem(text, PRODUCT_NAME_CHARACTERS);
}

function lineProblem(text: string, max: number): ValueProblem | undefined {
  if (/[\r\n]/.test(text)) return { wrong: "has more than one line" };
  return text.length > max ? { wrong: `has ${text.length} characters, more than ${max}` } : undefined;
}

export function colorProblem(text: string): ValueProblem | undefined {
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) ? undefined : { wrong: "is not a color such as #a30000" };
}

export function httpsProblem(text: string): ValueProblem | undefined {
  return urlProblem(text, ({ scheme, userinfo }) => {
    if (userinfo !== undefined) return { wrong: "has a user or a password in it" };
    return scheme === "https"
      ? undefined
      : { wrong: `starts with ${scheme}://`, ...(scheme === "http" && { instead: `https${text.slice(scheme.length)}` }) };
  });
}

export function logoProblem(text: string): ValueProblem | undefined {
  if (isSvg(text)) return undefined;
  const png = decodeBase64(text)?.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"));
  return png
    ? undefined
    : { wrong: "is neither an SVG nor a base64-encoded PNG", fix: "base64 -w0 logo.png | pulumi config set consoleLogo" };
}

/** Whether a logo is the text of an SVG; otherwise it is a base64-encoded PNG. */
export function isSvg(text: string): boolean {
  let at = afterBlanks(text, 0);
  for (;;) {
    const end = text.startsWith("<!--", at) ? "-->" : text.startsWith("<?xml", at) || text.startsWith("<!DOCTYPE", at) ? ">" : undefined;
    if (end === undefined) break;
    const found = text.indexOf(end, at);
    if (found < 0) return false;
    at = afterBlanks(text, found + end.length);
  }
  return /^<svg[\s>/]/.test(text.slice(at, at + "<svg".length + 1));
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at].trim() === "") at++;
  return at;
}

export function nodeSelectorProblem(text: string): ValueProblem | undefined {
  const bad = text.split(",").find((each) => !LABEL.test(each));
  return bad === undefined ? undefined : { wrong: `has ${JSON.stringify(bad)}, which is not label=value` };
}

export function updateChannelProblem(text: string): ValueProblem | undefined {
  return /^(stable|fast|candidate|eus)-(scos-)?[45](\.\d+)?$/.test(text)
    ? undefined
    : { wrong: "is not a valid name of a channel: stable, fast, candidate or eus, then a hyphen and a version" };
}

/**
 * The names that the cluster version operator accepts (openshift/cluster-version-operator, `pkg/cvo/upgradeable.go`, `adminAckGateFmt`,
 * release-4.19).
 */
export function updateGateProblem(name: string): ValueProblem | undefined {
  return /^ack-[45]\.\d{1,3}-[A-Za-z0-9_.][-A-Za-z0-9_.]{0,200}$/.test(name)
    ? undefined
    : { wrong: "is not a valid name of an update gate: ack-, a minor version such as 4.18, a hyphen and the gate's name" };
}

export function machineConfigPoolProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name) ? undefined : { wrong: "is not a name of lower-case letters, digits and hyphens" };
}

export function timeServerProblem(text: string): ValueProblem | undefined {
  return isIP(text) !== 0 || HOST.test(text) ? undefined : { wrong: "is neither a host name nor an IP address" };
}

export function kernelArgumentProblem(text: string): ValueProblem | undefined {
  return /^[\x21-\x7e]+$/.test(text)
    ? undefined
    : { wrong: "has a space or a character that is not ASCII; each argument is a separate item" };
}

export function sizeProblem(text: string): ValueProblem | undefined {
  return /^[1-9]\d*(Ki|Mi|Gi)$/.test(text) ? undefined : { wrong: "is not a size such as 50Mi" };
}
