/** Clusters with an existing private zone. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { describedVpc, existing } from "./described-vpc";
import { differenceFromDevStack } from "./difference";
import { type AwsAnswers, Program, say } from "./program";

type Keys = Readonly<Record<string, unknown>>;

const run = (changes: Keys, found: AwsAnswers = {}) => Program.run(devStack(changes), found);

describe("a cluster with an existing private zone", () => {
  const zone = { ...existing, privateZoneId: "Z0123456789EXISTING" };
  const records = (program: Program) =>
    program
      .all("aws:route53/record:Record")
      .map((record) => `${say(record, "zoneId", "name")} by ${record.provider.split("::").at(-2) ?? "this account"}`);

  test("writes its records into the private zone and does not change the zone", async () => {
    const program = await run(zone, describedVpc());
    expect(differenceFromDevStack(program)).toMatchObject({ Zone: -1 });
    expect(records(program).sort()).toEqual([
      "Z0123456789EXISTING api-int.dev.okd.example.com by this account",
      "Z0123456789EXISTING api.dev.okd.example.com by this account",
      "Z0PUBLIC api.dev.okd.example.com by this account",
    ]);
    expect(program.all("pulumi:providers:aws")).toEqual([]);
  });

  test.each([
    ["a zone of another domain", { name: "other.example.com", privateZone: true }],
    ["a public zone", { name: "dev.okd.example.com", privateZone: false }],
  ])("is refused if the zone is %s, because no instance could resolve a name in it", async (_, described) => {
    const zones = {
      "aws:route53/getZone:getZone": ({ name, zoneId }: Record<string, unknown>) => (zoneId ? described : { name, zoneId: "Z0" }),
    };
    await expect(run(zone, { ...describedVpc(), ...zones })).rejects.toThrow(
      "privateZoneId names Z0123456789EXISTING, which does not exist, or is not a private zone of dev.okd.example.com",
    );
  });

  test.each([
    ["no zone with its name", () => Promise.reject(Object.assign(new Error(), { details: "no matching Route 53 Hosted Zone found" }))],
    ["another zone", () => ({ zoneId: "Z9876543210OTHER" })],
  ])("is refused if a lookup by the VPC finds %s", async (_, ofVpc) => {
    const described = { name: "dev.okd.example.com", privateZone: true };
    const asked: Record<string, unknown>[] = [];
    const zones: AwsAnswers = {
      "aws:route53/getZone:getZone": (inputs) => {
        if (inputs.vpcId === undefined) return inputs.zoneId === undefined ? { zoneId: "Z0PUBLIC" } : described;
        asked.push(inputs);
        return ofVpc() as Record<string, unknown>;
      },
    };
    const { message, declared } = await Program.refusal(devStack(zone), { ...describedVpc(), ...zones });
    expect(message).toMatch(/privateZoneId is Z0123456789EXISTING, a zone that is not associated with vpc-0123456789abcdef0/);
    expect(message).toContain("--hosted-zone-id Z0123456789EXISTING --vpc VPCRegion=us-east-1,VPCId=vpc-0123456789abcdef0");
    expect(asked).toEqual([{ name: "dev.okd.example.com", privateZone: true, vpcId: existing.vpcId }]);
    expect(declared).toEqual([]);
  });

  test("creates its records in another account's zone with a provider that assumes a role there, and uses this provider for these two records only", async () => {
    const roleArn = "arn:aws:iam::210987654321:role/shared-zone";
    const program = await run({ ...zone, privateZoneRoleArn: roleArn }, describedVpc());
    const provider = program.one("pulumi:providers:aws");
    expect([provider.inputs.region, JSON.parse(provider.inputs.assumeRoles as string)]).toEqual(["us-east-1", [{ roleArn }]]);
    expect(records(program).sort()).toEqual([
      `Z0123456789EXISTING api-int.dev.okd.example.com by ${provider.name}`,
      `Z0123456789EXISTING api.dev.okd.example.com by ${provider.name}`,
      "Z0PUBLIC api.dev.okd.example.com by this account",
    ]);
    expect(program.resources.filter(({ provider: used }) => used.includes(provider.name))).toHaveLength(2);
  });
});
