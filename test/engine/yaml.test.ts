import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { toYaml } from "../../lib/yaml";

/** Texts that YAML 1.1 and 1.2 read differently, or that only one of the two reads as a text. */
const known = [
  ...[
    "1234_5678",
    "2024_01_15",
    "1_000",
    "0x1_F",
    "0X1F",
    "0O14",
    "0o14",
    "0777",
    "0b1_0",
    "0B10",
    "1_0.5",
    "1e1_0",
    "1e3",
    "+.5",
    "-.5",
    ".5_0",
    "+_90e054",
    "-_1",
    "+__0x1F",
    "+_.5",
    "._5",
    "__9",
  ],
  ...[
    "12:30",
    "190:20:30.15",
    "2024-01-15",
    "2024-01-15T12:00:00Z",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "~",
    "null",
    "",
    ".inf",
    "-.INF",
  ],
  ...[
    ".nan",
    "<<",
    "=",
    "-",
    "- a",
    "? a",
    "a: b",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "'",
    '"',
    "{}",
    "[]",
    "---",
    "...",
  ],
  ...[
    "a\nb",
    "a\n",
    "\na",
    " a",
    "a ",
    "a\tb",
    "\t",
    "\\",
    "\u0085",
    "\u2028",
    "\u00a0",
    "\ufeff",
    "\u007f",
    "\u0001",
    "\u{1f600}",
    "x".repeat(300),
  ],
];

/** Reads the texts with `sigs.k8s.io/yaml`, which OpenShift's programs use: as keys and as values of an object. */
function readBack(kubectl: string, texts: readonly string[]): Record<string, string> {
  const data = Object.fromEntries(texts.map((text) => [`${text}=`, text]));
  const keys = Object.fromEntries(texts.map((text) => [text, "key"]));
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "texts" }, data: { ...data, ...keys } };
  const args = ["annotate", "--local", "-f", "-", "-o", "json", "read=back"];
  const { status, stdout, stderr } = spawnSync(kubectl, args, { input: toYaml(object), encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`kubectl can't read what was written: ${stderr}`);
  const { data: read } = JSON.parse(stdout) as { data: Record<string, string> };
  expect(read).toEqual(object.data);
  return read;
}

describe("Go's parser, given YAML that the program wrote,", () => {
  let kubectl: string;

  beforeAll(async () => {
    kubectl = (await ensureToolchain(["kubectl"])).tools.kubectl;
  });

  test("reads back texts that look like numbers, dates, flags and syntax", () => {
    // The object has each text as a key with and without the suffix "=". The empty text with the suffix equals the text "=".
    expect(Object.keys(readBack(kubectl, known))).toHaveLength(2 * known.length - 1);
  });

  test("reads back arbitrary texts", () => {
    const numeric = fc.string({ unit: fc.constantFrom(..."0123456789_+-.eExXoObBa:".split("")), minLength: 1, maxLength: 8 });
    const marks = fc.string({ unit: fc.constantFrom(..."ynotrue~<=>|&*!#%@`'\"{}[]?,:- \n\t\\0".split("")), maxLength: 6 });
    const texts = fc.uniqueArray(fc.oneof(numeric, marks, fc.string({ unit: "binary", maxLength: 12 })), {
      minLength: 200,
      maxLength: 400,
    });
    fc.assert(
      fc.property(texts, (some) => {
        readBack(kubectl, some);
      }),
      { numRuns: 20, endOnFailure: true }, // shrinking would start kubectl hundreds of times
    );
  });
});
