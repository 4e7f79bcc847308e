import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HeadObjectCommand, NotFound } from "@aws-sdk/client-s3";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describeWithTools } from "../engine/requirements";
import { listed, worldwide } from "../engine/kinds";
import { Account } from "./account";
import { region } from "../region";
import { Site } from "./site";

/**
 * Code that the test appends to the program: a command that runs right after the bootstrap destroy, and fails. No other resource that waits for the
 * control plane can fail earlier (`test/component/cluster.test.ts`).
 */
const typo = `
const pulumi_ = require("@pulumi/pulumi");
const command_ = require("@pulumi/command");
pulumi_.runtime.registerStackTransformation(({ type, name, resource }) => {
  if (type === "command:local:Command" && name === "bootstrap-destroy") setImmediate(() => new command_.local.Command("dashboard", { create: "echo a typo >&2; exit 7" }, { dependsOn: resource }));
  return undefined;
});
`;

/** Tests that the bootstrap destroy does not wait for resources that the program declares after it, even if one of these fails. */
describeWithTools("an installation that fails after bootstrap is complete", () => {
  let site: Site;
  let account: Account;
  let infraId: string;
  const figures: string[] = [];

  beforeAll(async () => {
    site = await Site.open();
    account = Account.open(site.sandbox.aws);
    await site.said("stack", "select", "--create");
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    account.close();
    await site.close();
  }, 120_000);

  test("ends with an error, and no bootstrap instance runs any more", async () => {
    const program = join(site.directory, "index.ts");
    const right = readFileSync(program, "utf8");
    writeFileSync(program, right + typo);
    const { code, stdout, stderr, seconds } = await site.update();
    writeFileSync(program, right);
    figures.push(`the up that fails: ${seconds.toFixed(0)} s`);
    expect(stdout + stderr).toContain("a typo");
    expect(code).not.toBe(0);
    infraId = /"infraId": "([^"]+)"/.exec(await site.said("stack", "export"))?.[1] ?? "";
    expect(await account.running(`${infraId}-bootstrap`)).toEqual([]);
    expect(await account.running(`${infraId}-master`)).toHaveLength(3);
  });

  test("has also deregistered the bootstrap instance from the load balancers and deleted its ignition config", async () => {
    for (const key of ["aext", "aint", "sint"]) {
      const TargetGroupArn = await account.targetGroupArn(`${infraId}-${key}`);
      const { TargetHealthDescriptions = [] } = await account.balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      expect(TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(["healthy", "healthy", "healthy"]);
    }
    const object = { Bucket: `${infraId}-bootstrap-ignition`, Key: "bootstrap.ign" };
    await expect(account.s3.send(new HeadObjectCommand(object))).rejects.toBeInstanceOf(NotFound);
  });

  test("is completed by the next update when the error is corrected, and that update removes the remaining declarations of the bootstrap instance", async () => {
    const { code, stdout, stderr, seconds } = await site.update();
    figures.push(`the next up: ${seconds.toFixed(0)} s`);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);
    const inventory = await site.inventory();
    const names = (list: readonly (string | undefined)[]) => list.filter((name) => name?.includes("bootstrap"));
    expect(names(listed(inventory, region, "ec2/security-groups").map(({ GroupName }) => GroupName))).toEqual([]);
    expect(names(listed(inventory, worldwide, "iam/roles").map(({ RoleName }) => RoleName))).toEqual([]);
    expect(names(listed(inventory, worldwide, "iam/profiles").map(({ InstanceProfileName }) => InstanceProfileName))).toEqual([]);
    expect(names(listed(inventory, worldwide, "s3/buckets").map(({ Name }) => Name))).toEqual([]);
  });

  test("then has nothing left to do", async () => {
    const { code, stdout, stderr } = await site.pulumi(["preview", "--expect-no-changes"]);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);
  });
});
