/** Each alert of the program in promtool: Prometheus' own evaluation of the rules over the series of each case. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { dump } from "js-yaml";
import type { ApiObject } from "../../cluster-objects/object";
import { type AlertCase, alertingRules } from "../alerts/alert-case";
import { ruleCases } from "../alerts/all";
import { describeWith } from "./requirements";

describeWith(["promtool"])("promtool", () => {
  const directory = mkdtempSync(join(tmpdir(), "alert-cases-"));
  let promtool = "";

  beforeAll(async () => {
    ({ promtool } = (await ensureToolchain(["promtool"])).tools);
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  function run(...args: string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr, error } = spawnSync(promtool, args, { cwd: directory, encoding: "utf8" });
    return { status, output: error?.message ?? stdout + stderr };
  }

  /** Checks a case of a rule. The file of rules has the form of Prometheus: the `spec` of the object. */
  function test(rule: ApiObject, example: AlertCase): ReturnType<typeof run> {
    const interval = `${example.step ?? 60}s`;
    const tests = [{ ...testOf(rule, example), interval }];
    writeFileSync(join(directory, "rules.yaml"), dump(rule.spec));
    writeFileSync(join(directory, "tests.yaml"), dump({ rule_files: ["rules.yaml"], evaluation_interval: interval, tests }));
    return run("test", "rules", "tests.yaml");
  }

  describe.each(ruleCases)("with the alerts in $file", ({ rule, cases }) => {
    it("finds no fault in the rules", () => {
      writeFileSync(join(directory, "rules.yaml"), dump(rule.spec));
      const { status, output } = run("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
      expect(output).toContain(`SUCCESS: ${alertingRules(rule).length} rules found`);
      expect(status).toBe(0);
    });

    it.each(cases.map((each) => [each.alert, each.fires.length > 0 ? "fires" : "is silent", each.situation, each] as const))(
      "says that %s %s if %s",
      (_alert, _fires, _situation, each) => {
        expect(test(rule, each)).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") as string });
      },
    );
  });

  it("reports an alert that a case does not expect, and one that does not fire", () => {
    const [{ rule, cases }] = ruleCases;
    const [firing, silent] = [cases.find(({ fires }) => fires.length > 0), cases.find(({ fires }) => fires.length === 0)] as AlertCase[];
    const unexpected = test(rule, { ...firing, fires: [] });
    expect([unexpected.status, unexpected.output]).toEqual([1, expect.stringMatching(/exp:\[\s*\]/)]);
    const missing = test(rule, { ...silent, fires: firing.fires });
    expect([missing.status, missing.output]).toEqual([1, expect.stringMatching(/got:\[\s*\]/)]);
  });
});

/** A case as a test of promtool, which compares all labels and annotations. */
function testOf(rule: ApiObject, { alert, situation, series, at, fires }: AlertCase): object {
  const expected = fires.map(({ labels, description }) => {
    const { annotations } = alertingRules(rule).find((each) => each.alert === alert && each.labels.severity === labels.severity) ?? {};
    return { exp_labels: labels, exp_annotations: { ...annotations, ...(description !== undefined && { description }) } };
  });
  return {
    name: situation,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
  };
}
