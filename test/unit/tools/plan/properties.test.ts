import fc from "fast-check";
import type { Preview, EngineStep } from "../../../../lib/pulumi/change";
import { configurationChanges } from "../../../../tools/plan/configuration-changes";
import { MAX_COMMENT_CHARACTERS, showSummary } from "../../../../tools/plan/show";
import { summarizePlan } from "../../../../tools/plan/summary";
import { readFixture } from "./fixture";

const recorded = ["rename-component", "one-nat-gateway", "master-type", "add-shard", "rotate-password"].flatMap(
  (name) => readFixture(name).preview.steps ?? [],
);

/** Names that a program, a user or an error message may contain, including markup. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "constructor",
    "toString",
    "`; rm",
    "@everyone",
    "a\n# title",
    "<img src=x onerror=y>",
    "[x](http://y)",
    "![x](y)",
    "a|b",
    "\u001b[2J",
    "$(x)",
    "``x``",
    "\r\n- item",
    "~~x~~",
  ),
);

const step: fc.Arbitrary<EngineStep> = fc
  .record({
    op: fc.constantFrom("create", "update", "delete", "replace"),
    type: fc.constantFrom(
      "aws:ec2/instance:Instance",
      "aws:s3/bucket:Bucket",
      "kubernetes:core/v1:Namespace",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ),
    name: nasty,
    value: nasty,
    field: nasty,
  })
  .map(({ op, type, name, value, field }) => {
    const state = { type, custom: true, inputs: { cidrIpv4: value, ipProtocol: "tcp", fromPort: 1, toPort: 2, [field]: value } };
    const before = { ...state, inputs: { ...state.inputs, [field]: "other" } };
    return {
      op,
      urn: `urn:pulumi:dev::okd-aws::${type}::${name}`,
      ...(op !== "create" && { oldState: before }),
      ...(op !== "delete" && { newState: state }),
      diffReasons: [field],
    };
  });

test("the summary is the same for each order of the Pulumi engine's steps", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(recorded, { minLength: recorded.length }), (steps) => {
      expect(showSummary(summarizePlan({ steps }), "markdown")).toBe(showSummary(summarizePlan({ steps: recorded }), "markdown"));
    }),
    { numRuns: 30 },
  );
});

test("the summary is never longer than the limit, and its consequences and exposures are complete", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 20_000, max: 30_000 }), (steps, limit) => {
      const summary = summarizePlan({ steps });
      const whole = showSummary(summary, "markdown", Number.MAX_SAFE_INTEGER);
      const text = showSummary(summary, "markdown", limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      const end = whole.indexOf("\n\n#### ");
      expect(text.startsWith(end < 0 ? whole.trimEnd() : whole.slice(0, end))).toBe(true);
    }),
  );
});

test("very long names and messages do not make the summary longer than the limit", () => {
  const long = fc
    .tuple(fc.constantFrom("@", "<", "`", "x", "*"), fc.integer({ min: 1, max: 100_000 }))
    .map(([sign, count]) => sign.repeat(count));
  fc.assert(
    fc.property(fc.array(long, { minLength: 30, maxLength: 40 }), (texts) => {
      const steps = texts.map((text, index): EngineStep => {
        const urn = `urn:pulumi:dev::okd-aws::aws:s3/bucket:Bucket::${text}${index}`;
        return {
          op: index % 2 === 0 ? "delete" : "update",
          urn,
          oldState: { type: "aws:s3/bucket:Bucket", custom: true },
          diffReasons: texts,
        };
      });
      const diagnostics = texts.map((message) => ({ severity: "error", message }));
      const configuration = configurationChanges({}, Object.fromEntries(texts.map((text) => [text, text])));
      expect(showSummary(summarizePlan({ steps, diagnostics }, { configuration }), "markdown").length).toBeLessThanOrEqual(
        MAX_COMMENT_CHARACTERS,
      );
    }),
    { numRuns: 10 },
  );
});

test("names and messages add no markup, mentions or lines to the summary", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), nasty, (steps, message) => {
      const preview: Preview = { steps, diagnostics: [{ severity: "error", message: `${message}.` }] };
      const text = showSummary(
        summarizePlan(preview, { configuration: configurationChanges({ "okd-aws:release": message }, {}) }),
        "markdown",
      );
      for (const line of text.split("\n")) {
        // Outside of code spans every character of markup is escaped; inside a code span there is no backtick.
        const item = line.startsWith("- ERROR: ") ? withoutBreaks(line, message) : line;
        const outside = item.replaceAll(/`[^`]*`/g, "").replaceAll(/&(amp|lt|gt|#64);/g, "");
        expect(
          outside
            .replaceAll(/\\./g, "")
            .replace(/^\*\*(.*)\*\*$/, "$1")
            .replace(/^#### /, ""),
        ).not.toMatch(/[`*_[\]<>|~#@&]/);
        expect(line).toMatch(/^(\*\*|- |#### |$)/);
      }
    }),
  );
});

/** An error's item without the breaks between the lines of its message. */
function withoutBreaks(item: string, message: string): string {
  return message.split("\n").reduce((text) => text.replace("<br>", ""), item);
}

test("the summary has no control characters on a terminal", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      // eslint-disable-next-line no-control-regex -- the test is about control characters
      expect(showSummary(summarizePlan({ steps }), "terminal")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test("a secret of the configuration is shown neither encrypted nor as plain text, in any form", () => {
  const secret = fc.string({ minLength: 12, maxLength: 40 }).filter((text) => /^[a-z0-9]{12,}$/i.test(text) || text.length > 20);
  fc.assert(
    fc.property(secret, fc.constantFrom("okd-aws:pullSecret", "okd-aws:sshPrivateKey", "okd-aws:pulSecret"), (value, key) => {
      for (const after of [value, { secure: value }, { inner: { secure: value } }, [{ secure: value }]]) {
        const text = showSummary(summarizePlan({ steps: [] }, { configuration: configurationChanges({}, { [key]: after }) }), "terminal");
        expect(text).not.toContain(value);
        expect(text).toContain("not set → [secret]");
      }
    }),
  );
});
