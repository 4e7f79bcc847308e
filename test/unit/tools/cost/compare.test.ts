import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAssumption } from "../../../../tools/cost/assumptions";
import { readArguments } from "../../../../tools/cost/cli";
import { compare, type Comparison } from "../../../../tools/cost/compare";
import { estimate } from "../../../../tools/cost/estimate";
import { regionOf, type Resource, resourcesOfExport, resourcesOfPlan } from "../../../../lib/pulumi/resource";
import { showComparison, showEstimate } from "../../../../tools/cost/show";
import type { EngineStep } from "../../../../lib/pulumi/change";
import { costOf } from "../../../../tools/plan/cost";
import { instanceResource, made, prices } from "./fixture";

const options = { region: "us-east-1", prices };
const provider = made("pulumi:providers:aws", "default_7_21_0", { region: "us-east-1", version: "7.21.0" });
const state = (resources: readonly object[]) => ({ version: 3, deployment: { manifest: {}, resources } });
const step = (op: string, oldState?: Resource, newState?: Resource) => ({ op, urn: (newState ?? oldState)?.urn, oldState, newState });
const names = (resources: readonly Resource[]) => resources.map(({ urn, inputs }) => [urn.split("::").at(-1), inputs.instanceType]);

describe("the cost of a state", () => {
  test("leaves out resources that are pending deletion or only read", () => {
    const stack = { urn: "urn:pulumi:dev::okd-aws::pulumi:pulumi:Stack::okd-aws-dev", type: "pulumi:pulumi:Stack" };
    const found = resourcesOfExport(
      state([
        stack,
        provider,
        instanceResource("a"),
        { ...instanceResource("a", { instanceType: "m6i.large" }), delete: true },
        { ...instanceResource("b"), external: true },
      ]),
    );
    expect(found.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack", "pulumi:providers:aws", "aws:ec2/instance:Instance"]);
    expect(names(found).at(-1)).toEqual(["a", "m6i.xlarge"]);
    expect(regionOf(found)).toBe("us-east-1");
  });

  test("is refused for a file that is not a state, and is nothing for an empty state", () => {
    expect(() => resourcesOfExport({ steps: [] })).toThrow("not the output of pulumi stack export");
    expect(resourcesOfExport({ version: 3, deployment: {} })).toEqual([]);
  });
});

describe("the cost of a plan", () => {
  const a = instanceResource("a");
  const larger = instanceResource("a", { instanceType: "m6i.2xlarge" });
  const b = instanceResource("b");

  test("without the state includes only the changed resources", () => {
    const { before, after } = resourcesOfPlan({ steps: [step("update", a, larger), step("create", undefined, b)] });
    expect(names(before)).toEqual([["a", "m6i.xlarge"]]);
    expect(names(after)).toEqual([
      ["a", "m6i.2xlarge"],
      ["b", "m6i.xlarge"],
    ]);
  });

  test("with the state includes all resources", () => {
    const { before, after } = resourcesOfPlan({ steps: [step("delete", a)] }, [provider, a, b]);
    expect([before.length, names(after)]).toEqual([
      3,
      [
        ["default_7_21_0", undefined],
        ["b", "m6i.xlarge"],
      ],
    ]);
  });

  test.each([
    ["before", ["delete-replaced", "replace", "create-replacement"]],
    ["after", ["create-replacement", "replace", "delete-replaced"]],
  ])("has a replaced resource once before and once after the change, if the old resource is deleted %s the creation", (_, order) => {
    const all = {
      "create-replacement": step("create-replacement", a, larger),
      replace: step("replace", a, larger),
      "delete-replaced": step("delete-replaced", a),
    };
    const { before, after } = resourcesOfPlan({ steps: order.map((op) => all[op as keyof typeof all]) }, [a]);
    expect([names(before), names(after)]).toEqual([[["a", "m6i.xlarge"]], [["a", "m6i.2xlarge"]]]);
  });

  test("is refused for a file that is not a plan", () => {
    expect(() => resourcesOfPlan({ deployment: {} })).toThrow("not the output of pulumi preview --json");
  });
});

describe("the comparison of two costs", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => instanceResource(name));
  // 730 × 0.192 = 140.16 and 120 × 0.08 = 9.60, each; 730 × 0.384 = 280.32
  const found = compare(
    {
      before: [a, b, made("aws:rds/instance:Instance", "old")],
      after: [instanceResource("a", { instanceType: "m6i.2xlarge" }), b, c, made("aws:x/y:Y", "new")],
    },
    options,
  );

  test("lists the items that cost more and the items that cost less", () => {
    expect(found.changes.map(({ line, countBefore, countAfter, difference }) => [line.what, countBefore, countAfter, difference])).toEqual([
      ["m6i.2xlarge, on demand", 0, 1, 280_320_000],
      ["EBS gp3 storage", 2, 3, 9_600_000],
    ]);
    expect(found.difference).toBe(289_920_000);
    expect([found.newUnknown.map(({ type }) => type), found.goneUnknown.map(({ type }) => type)]).toEqual([
      ["aws:x/y:Y"],
      ["aws:rds/instance:Instance"],
    ]);
  });

  test("begins with the difference, followed by the reasons, on a terminal and in Markdown", () => {
    const [headline, , ...rest] = showComparison(found, "terminal").split("\n");
    expect(headline).toBe("+$289.92 a month: $299.52 before, $589.44 after");
    expect(rest.slice(0, 3)).toEqual([
      "                        count  per month",
      "m6i.2xlarge, on demand  0 → 1   +$280.32",
      "EBS gp3 storage         2 → 3     +$9.60",
    ]);
    expect(showComparison(found, "markdown").split("\n").slice(0, 6)).toEqual([
      "+$289.92 a month: $299.52 before, $589.44 after",
      "",
      "|  | count | per month |",
      "|---|---:|---:|",
      "| m6i.2xlarge, on demand | 0 → 1 | +$280.32 |",
      "| EBS gp3 storage | 2 → 3 | +$9.60 |",
    ]);
  });

  test("has no difference and no lines if no cost changes", () => {
    const same = compare({ before: [a], after: [instanceResource("a", { tags: { team: "platform" } })] }, options);
    expect([same.difference, same.changes]).toEqual([0, []]);
    expect(showComparison(same, "terminal").split("\n")[0]).toBe("+$0.00 a month: $149.76 before, $149.76 after");
  });
});

describe("the total cost of a plan", () => {
  const created = (state: Resource, custom = true) => ({ op: "create", urn: state.urn, newState: { ...state, custom } });
  const stack = made("pulumi:pulumi:Stack", "okd-aws-dev");
  const config = { "aws:region": "us-east-1" };
  const totalOf = (steps: readonly EngineStep[], known: readonly Resource[] = []) => {
    const cost = costOf({ config, steps }, { form: "terminal", state: known, prices });
    return typeof cost === "string" ? cost : cost.total;
  };

  test("is shown for a new stack, and with the state", () => {
    expect(totalOf([created(stack, false), created(instanceResource("a"))])).toEqual({ before: "$0.00", after: "$149.76" });
    expect(totalOf([created(instanceResource("b"))], [instanceResource("a")])).toEqual({ before: "$149.76", after: "$299.52" });
  });

  test("is not shown for an existing stack without its state, even if the plan only adds resources", () => {
    expect(totalOf([created(instanceResource("b"))])).toBeUndefined();
  });
});

describe("the printed estimate", () => {
  test("has the unknown costs after the sum, the assumptions, and the date of the prices", () => {
    const text = showEstimate(estimate([made("aws:ec2/natGateway:NatGateway", "nat"), made("aws:x/y:Y", "thing")], options), "terminal");
    expect(text.split("\n")).toEqual([
      "About $37.35 a month in us-east-1, plus resources of unknown price (1, below)",
      "",
      "                    count  units per month   price  per month",
      "NAT gateways            1       730 × hour  $0.045     $32.85",
      "NAT gateways, data      1         100 × GB  $0.045      $4.50",
      "Sum                                                    $37.35",
      "",
      "Resources of unknown price, not included in the sum:",
      "  thing (aws:x/y:Y): this type is neither in the price table nor known to be free",
      "",
      "Assumed:",
      "  hoursPerMonth = 730 hours: a month (AWS Pricing Calculator: 365 days of 24 hours in 12 months)",
      "  natGb = 100 GB: processed by each NAT gateway (this project: image pulls and updates of a small cluster)",
      "",
      "List prices without taxes, discounts and internet traffic:",
      "  us-east-1, 2025-01-01: AWS's public price list, written down for tests",
      "",
    ]);
  });

  test("in Markdown shows names as plain text", () => {
    const text = showEstimate(estimate([made("aws:x/y:Y", "<img src=x>|[a](http://b)@team`\n# c")], options), "markdown");
    expect(text).toContain("- \\<img src=x\\>\\|\\[a\\](http://b)\\@team\\` \\# c (aws:x/y:Y)");
  });
});

describe("make cost", () => {
  test("parses its arguments", () => {
    expect(
      readArguments(["--stack", "prod", "--plan", "-", "--assume", "natGb=500", "--assume", "spotPercent=30", "--json"]),
    ).toMatchObject({
      ...{ stack: "prod", plan: "-", form: "json", region: "" },
      assumptions: { natGb: 500, spotPercent: 30 },
    });
    expect(readArguments(["--state", "s.json", "--markdown"])).toMatchObject({ state: "s.json", form: "markdown" });
  });

  test.each([
    [[], "the stack is missing"],
    [["--stack", "a", "--state", "b"], "--state and --stack can't be combined"],
    [["--stack", "a", "--json", "--markdown"], "can't be combined"],
    [["--stack", "a", "--assume", "natGB=5"], '"natGB=5" is not an assumption'],
    [["--stack", "a", "--assume", "natGb=1.5"], '"natGb=1.5" is not an assumption'],
    [["--stack", "a", "--month"], "--month"],
  ])("refuses the arguments %j: %s", (args, wrong) => {
    expect(readArguments(args)).toContain(wrong);
  });

  test("accepts only the names of assumptions that the table has", () => {
    expect(readAssumption("toString=1")).toContain("is not an assumption");
  });

  describe("run as a program", () => {
    const directory = mkdtempSync(join(tmpdir(), "cost-"));
    afterAll(() => {
      rmSync(directory, { recursive: true });
    });
    const file = (name: string, content: unknown) => {
      writeFileSync(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
      return join(directory, name);
    };
    const run = async (args: readonly string[], input = "") => {
      const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "tools/cost/cli.ts", ...args]);
      const output = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const)
        child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
      child.stdin.end(input);
      const code = await new Promise((resolve) => child.once("close", resolve));
      return { code, ...output };
    };

    test("accepts a state file and a plan from standard input, and needs no argument for the region", async () => {
      const plan = { config: { "aws:region": "us-east-1" }, steps: [step("create", undefined, instanceResource("b"))] };
      const args = ["--plan", "-", "--prices", file("prices.json", prices), "--json"];
      const { code, stdout } = await run(
        [...args, "--state", file("state.json", state([provider, instanceResource("a")]))],
        JSON.stringify(plan),
      );
      expect(code).toBe(0);
      const { before, difference } = JSON.parse(stdout) as Comparison;
      expect([before.monthly, difference]).toEqual([149_760_000, 149_760_000]);
      const alone = await run(args, JSON.stringify(plan));
      const found = JSON.parse(alone.stdout) as Comparison;
      expect([found.before.monthly, found.difference]).toEqual([0, 149_760_000]);
    }, 60_000);

    test("reports a file that it cannot read", async () => {
      const results = await Promise.all([
        run(["--state", file("broken.json", "{")]),
        run(["--state", file("nowhere.json", state([instanceResource("a")]))]),
        run(["--help"]),
        run([]),
      ]);
      expect(results.map(({ code }) => code)).toEqual([1, 1, 0, 2]);
      expect(results[0].stderr).toBe(`${join(directory, "broken.json")} is not JSON\n`);
      expect(results[1].stderr).toContain("the region is unknown");
      expect(results[2].stdout).toContain("make cost STACK=<stack>");
    }, 60_000);
  });
});
