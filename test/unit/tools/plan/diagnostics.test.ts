import { ConfigurationError } from "../../../../config/configuration-error";
import { failureText } from "../../../../tools/driver/failure-text";
import type { Preview } from "../../../../lib/pulumi/change";
import { formatPreview } from "../../../../tools/plan/format";
import { readFixture } from "./fixture";

const stack = "urn:pulumi:prod::okd-aws::pulumi:pulumi:Stack::okd-aws-prod";
const problem = { key: "baseDomain", wrong: "has no public hosted zone in this account", value: "example.com", allowed: "a zone" };
const block = new ConfigurationError([{ ...problem, fix: "create the zone <name>" }], "prod").message;
const noProfile = "unable to validate AWS credentials.\nDetails: loading configuration: failed to get shared config profile, nope";

/** A preview that ends with an error, after the Pulumi engine planned to open a port. `pulumi preview --json` puts "error: " before the message. */
const failing = (message: string, urn = ""): Preview => ({
  ...readFixture("open-port").preview,
  diagnostics: [{ severity: "error", message: `error: ${message}\n`, urn }],
});

describe("the error of a failed preview", () => {
  test.each([
    ["of the configuration", block, ""],
    ["about the access to AWS", noProfile, stack],
    ["of a resource", "sizes do not match\n  size: 3", stack],
  ])("%s is shown on a terminal as make up shows it, without a plan", (_, message, urn) => {
    const shown = failureText([{ message, ...(urn && { urn }) }]);
    expect(formatPreview(failing(message, urn), { output: "terminal" })).toBe(
      `This plan can't be applied: the preview ended with an error.\n\n${shown}\n`,
    );
  });

  test("has no control characters on a terminal", () => {
    expect(formatPreview(failing("a\u0007b\u202e\r\nc"), { output: "terminal" })).toContain("\na\\u{0007}b\\u{202E} \nc\n");
  });

  test("is one item with its lines in Markdown, without markup, and the plan follows", () => {
    const text = formatPreview(failing(block), { output: "markdown" });
    expect(text).toContain(
      "\n- ERROR: This stack's configuration has 1 problem; nothing was changed.<br><br>1. baseDomain has no public hosted zone in this account<br>   value:   example.com<br>   allowed: a zone<br>   fix:     create the zone &lt;name&gt;<br><br>All keys",
    );
    expect(formatPreview(failing("<br>"), { output: "markdown" })).toContain("- ERROR: &lt;br&gt;\n");
    expect(text).toContain("Opens tcp 22");
  });

  test("keeps its lines in JSON, without the Pulumi engine's prefix", () => {
    const { errors, exposures } = JSON.parse(formatPreview(failing(block), { output: "json" })) as Record<string, unknown[]>;
    expect(errors).toEqual([block]);
    expect(exposures).toHaveLength(1);
  });

  test("is shown once, without the Pulumi engine's last line", () => {
    const preview: Preview = {
      steps: [],
      diagnostics: ["error: a", "error: a", "error: preview failed"].map((message) => ({ severity: "error", message })),
    };
    expect(formatPreview(preview, { output: "terminal" })).toBe("This plan can't be applied: the preview ended with an error.\n\na\n");
  });
});
