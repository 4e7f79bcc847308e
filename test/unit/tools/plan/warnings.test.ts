import type { Preview } from "../../../../lib/pulumi/change";
import { planBetween } from "../../../../tools/plan/diff-commits";
import { formatPreview } from "../../../../tools/plan/format";
import { readFixture } from "./fixture";

const urn = (type: string) => `urn:pulumi:prod::okd-aws::okd:cluster:Cluster$${type}::x`;
const tags = "tags: The private hosted zone gets only the first 7.\nfix: use 7 tags at most";

/** A warning as `pulumi preview --json` prints it. */
const warning = (message: string, of?: string) => ({ severity: "warning", message: `warning: ${message}\n`, ...(of && { urn: of }) });
const warned = (...diagnostics: readonly object[]): Preview => ({ ...readFixture("open-port").preview, diagnostics });

describe("a preview's warnings", () => {
  test("are above the list on a terminal, with all their lines", () => {
    const text = formatPreview(warned(warning(tags, "urn:pulumi:prod::okd-aws::pulumi:pulumi:Stack::okd-aws-prod")), {
      output: "terminal",
    });
    expect(text.split("\n").slice(1, 5)).toEqual([
      "",
      "  warning: tags: The private hosted zone gets only the first 7.",
      "    fix: use 7 tags at most",
      expect.stringMatching(/^ {2}Opens tcp 22/),
    ]);
  });

  test("are items in Markdown without markup, and texts in JSON", () => {
    const preview = warned(warning(tags), warning("<b>"));
    const markdown = formatPreview(preview, { output: "markdown" });
    expect(markdown).toContain("\n- WARNING: tags: The private hosted zone gets only the first 7.<br>fix: use 7 tags at most\n");
    expect(markdown).toContain("\n- WARNING: &lt;b&gt;\n- Opens tcp 22");
    expect(JSON.parse(formatPreview(preview, { output: "json" }))).toMatchObject({ warnings: [tags, "<b>"], errors: [] });
  });

  test("come before the errors of a plan that cannot be applied", () => {
    const text = formatPreview(warned({ severity: "error", message: "error: no such zone" }, warning(tags)), { output: "terminal" });
    expect(text).toBe(`This plan can't be applied: the preview ended with an error.\n\nwarning: ${tags}\n\nno such zone\n`);
  });

  test("are those of the program and the cluster, each once, without the AWS provider's type checks", () => {
    const preview = warned(
      warning("a"),
      warning("a", urn("okd:release:Release")),
      warning("the cluster cannot be reached", urn("kubernetes:core/v1:Namespace")),
      warning('Unexpected type at field "aliases"', urn("aws:route53/record:Record")),
      warning("Type checking failed:", urn("pulumi:providers:aws")),
      { severity: "info", message: "b" },
    );
    expect(JSON.parse(formatPreview(preview, { output: "json" }))).toMatchObject({ warnings: ["a", "the cluster cannot be reached"] });
  });

  test("are those of the later commit in a plan between two commits", () => {
    const { plan } = planBetween({ steps: [], diagnostics: [warning("before")] }, { steps: [], diagnostics: [warning("after")] });
    expect(JSON.parse(formatPreview(plan, { output: "json" }))).toMatchObject({ warnings: ["after"] });
  });
});
