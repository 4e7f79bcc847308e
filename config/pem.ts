import { X509Certificate } from "node:crypto";
import { certificateFormProblem } from "./certificate-form";

/** One block of a PEM text. */
export interface PemBlock {
  /** The block's type, for example `CERTIFICATE`. */
  readonly label: string;
  /** The text between the BEGIN line and the END line, as it is written. */
  readonly body: string;
}

/** A parsed PEM text. */
export interface PemText {
  readonly blocks: readonly PemBlock[];
  /** The text outside the blocks, comments for example. */
  readonly outside: string;
}

const MARKER = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g;

/** A line of base64 outside a block, probably from a certificate: most programs write lines of 64 characters, some of 76. */
const BASE64_LINE = /^[A-Za-z0-9+/=]{32,}$/m;

/**
 * Parses a PEM text more leniently than Go (`encoding/pem`): a block may start in the middle of a line, be indented, or have no line
 * breaks. So the text must be reformatted before it is passed to a cluster.
 *
 * @throws SyntaxError for an incomplete block. The message continues the text's name: "has a BEGIN CERTIFICATE line without an END
 * CERTIFICATE line".
 */
export function parsePem(text: string): PemText {
  const blocks: PemBlock[] = [];
  const outside: string[] = [];
  let begin: { readonly label: string; readonly end: number } | undefined;
  let at = 0;
  for (const marker of text.matchAll(MARKER)) {
    const [line, kind, label] = marker;
    if (begin === undefined) {
      if (kind === "END") throw new SyntaxError(`has an END ${label} line without a BEGIN ${label} line before it`);
      outside.push(text.slice(at, marker.index));
      begin = { label, end: marker.index + line.length };
    } else {
      if (kind === "BEGIN" || label !== begin.label)
        throw new SyntaxError(`has a BEGIN ${begin.label} line without an END ${begin.label} line`);
      blocks.push({ label, body: text.slice(begin.end, marker.index) });
      at = marker.index + line.length;
      begin = undefined;
    }
  }
  if (begin !== undefined) throw new SyntaxError(`has a BEGIN ${begin.label} line without an END ${begin.label} line`);
  outside.push(text.slice(at));
  return { blocks, outside: outside.join("\n") };
}

/**
 * The certificates of a PEM text, in order. Comments between them are allowed, because the CA bundles of operating systems contain some.
 *
 * @throws SyntaxError with a message that continues the text's name: "has no PEM certificate".
 */
export function readCertificates(text: string): X509Certificate[] {
  const { blocks, outside } = parsePem(text);
  const odd = blocks.find(({ label }) => label !== "CERTIFICATE");
  if (odd?.label.endsWith("PRIVATE KEY")) throw new SyntaxError("has a private key in it");
  if (odd !== undefined) throw new SyntaxError(`has a block of the type ${odd.label} in it, but only certificates are allowed`);
  if (blocks.length === 0) throw new SyntaxError("has no PEM certificate");
  if (/-----|\b(BEGIN|END) CERTIFICATE\b/.test(outside)) throw new SyntaxError("has a damaged BEGIN or END line");
  if (BASE64_LINE.test(outside)) throw new SyntaxError("has a part of a certificate outside the BEGIN and END lines");
  return blocks.map(({ body }, index) => readCertificate(body, `certificate ${index + 1} of ${blocks.length}`));
}

function readCertificate(body: string, called: string): X509Certificate {
  if (body.includes("\\n")) throw new SyntaxError(`is damaged: ${called} has the two characters \\n instead of line breaks`);
  const der = decodeBase64(body);
  const certificate = der && tryToRead(der);
  // OpenSSL ignores bytes after a certificate; Go refuses them ("x509: trailing data").
  if (der === undefined || certificate?.raw.length !== der.length) throw new SyntaxError(`is damaged: ${called} can't be read`);
  const problem = certificateFormProblem(der);
  if (problem !== undefined) throw new SyntaxError(`is unusable: ${called} ${problem}, and OpenShift can't read such a certificate`);
  return certificate;
}

function tryToRead(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined; // The caller reports it, with the certificate's number.
  }
}

/** Decodes base64, ignoring whitespace; undefined if the text isn't base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const dense = text.replaceAll(/\s/g, "");
  const bytes = Buffer.from(dense, "base64");
  return dense !== "" && bytes.toString("base64") === dense ? bytes : undefined;
}

/** Formats certificates for every program: one block after the other, BEGIN and END on their own lines, 64 characters per line. */
export function formatCertificates(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => formatBlock("CERTIFICATE", linesOf(certificate.raw.toString("base64")))).join("");
}

/** Writes certificates in the form that every program reads ({@link formatCertificates}), if {@link readCertificates} accepts the text. An empty text stays empty. */
export function rewriteCertificates(text: string): string {
  return text === "" ? "" : formatCertificates(readCertificates(text));
}

/** Characters per line in the output (RFC 7468, section 2). Other programs write lines of at most 76 characters. */
const LINE = 64;
const MAX_LINE_CHARACTERS = 76;

/** One PEM block. */
export function formatBlock(label: string, lines: readonly string[]): string {
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The lines of a block without surrounding whitespace; broken into lines of 64 characters if one is too long. */
export function linesOf(body: string): string[] {
  const lines = body.trim().split(/\s+/);
  if (lines.every((line) => line.length <= MAX_LINE_CHARACTERS)) return lines;
  const base64 = lines.join("");
  return Array.from({ length: Math.ceil(base64.length / LINE) }, (_, index) => base64.slice(index * LINE, (index + 1) * LINE));
}
