import { X509Certificate } from "node:crypto";
import { certificateFormFlaw } from "./certificate-form";

/** One block of a PEM text: what lies between a BEGIN line and its END line. */
export interface PemBlock {
  /** The block's type, for example `CERTIFICATE`. */
  readonly label: string;
  /** What stands between the two lines, as it is written. */
  readonly body: string;
}

/** A PEM text, taken apart. */
export interface PemText {
  readonly blocks: readonly PemBlock[];
  /** The text outside the blocks, comments for example. */
  readonly outside: string;
}

const MARKER = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g;

/** What a line of base64 outside a block is at least as long as; the lines of a block have 64 characters, or 76 from some programs. */
const BASE64_LINE = /^[A-Za-z0-9+/=]{32,}$/m;

/**
 * Takes a PEM text apart. It is read more leniently than Go does (`encoding/pem`): a block may begin in the middle of a line, be indented, or have no line
 * breaks. So what is read has to be written out again before it is handed to a cluster.
 *
 * @throws SyntaxError when the text has half a block, in words that follow its name: "has a BEGIN CERTIFICATE line without an END CERTIFICATE line".
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
 * The certificates of a PEM text, in its order. Comments between them are allowed, as the bundles of operating systems have them.
 *
 * @throws SyntaxError with what is wrong, in words that follow the text's name: "has no PEM certificate".
 */
export function readCertificates(text: string): X509Certificate[] {
  const { blocks, outside } = parsePem(text);
  const odd = blocks.find(({ label }) => label !== "CERTIFICATE");
  if (odd?.label.endsWith("PRIVATE KEY")) throw new SyntaxError("has a private key in it");
  if (odd !== undefined) throw new SyntaxError(`has a block of the type ${odd.label} in it, but only certificates belong there`);
  if (blocks.length === 0) throw new SyntaxError("has no PEM certificate");
  if (/-----|\b(BEGIN|END) CERTIFICATE\b/.test(outside)) throw new SyntaxError("has a damaged BEGIN or END line");
  if (BASE64_LINE.test(outside)) throw new SyntaxError("has a part of a certificate outside the BEGIN and END lines");
  return blocks.map(({ body }, index) => readCertificate(body, `certificate ${index + 1} of ${blocks.length}`));
}

function readCertificate(body: string, called: string): X509Certificate {
  if (body.includes("\\n")) throw new SyntaxError(`is damaged: ${called} has the two characters \\n where its line breaks should be`);
  const der = decodeBase64(body);
  const certificate = der && tryToRead(der);
  // OpenSSL ignores what follows a certificate; Go refuses it ("x509: trailing data").
  if (der === undefined || certificate?.raw.length !== der.length) throw new SyntaxError(`is damaged: ${called} can't be read`);
  const flaw = certificateFormFlaw(der);
  if (flaw !== undefined) throw new SyntaxError(`is unusable: ${called} ${flaw}, and OpenShift's programs can't read such a certificate`);
  return certificate;
}

function tryToRead(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined; // The caller reports it, with the certificate's number.
  }
}

/** The bytes that a block's text stands for; undefined where it isn't base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const dense = text.replaceAll(/\s/g, "");
  const bytes = Buffer.from(dense, "base64");
  return dense !== "" && bytes.toString("base64") === dense ? bytes : undefined;
}

/** Certificates as every program reads them: block after block, each BEGIN and END on its own line, 64 characters to a line. */
export function formatCertificates(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => formatBlock("CERTIFICATE", linesOf(certificate.raw.toString("base64")))).join("");
}

/** The certificates of a text that {@link readCertificates} accepts, as every program reads them; an empty text stays empty. */
export function rewriteCertificates(text: string): string {
  return text === "" ? "" : formatCertificates(readCertificates(text));
}

/** Characters to a line (RFC 7468, section 2), and those that programs write at most. */
const LINE = 64;
const LONGEST_LINE = 76;

/** One PEM block. */
export function formatBlock(label: string, lines: readonly string[]): string {
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The lines of a block, without the blanks around them; broken anew where they are too long. */
export function linesOf(body: string): string[] {
  const lines = body.trim().split(/\s+/);
  if (lines.every((line) => line.length <= LONGEST_LINE)) return lines;
  const base64 = lines.join("");
  return Array.from({ length: Math.ceil(base64.length / LINE) }, (_, index) => base64.slice(index * LINE, (index + 1) * LINE));
}
