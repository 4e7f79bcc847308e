import type { RecoveryAccount } from "../../../../tools/recovery/account";
import { recover } from "../../../../tools/recovery/recover";
import type { StackState } from "../../../../tools/recovery/state";

const urn = (type: string, name: string) => `urn:pulumi:dev::okd-aws::${type}::${name}`;
const group = { urn: urn("aws:ec2/securityGroup:SecurityGroup", "workers"), type: "aws:ec2/securityGroup:SecurityGroup" };
const vpc = { urn: urn("aws:ec2/vpc:Vpc", "vpc"), type: "aws:ec2/vpc:Vpc" };
const made = { urn: urn("pulumi:pulumi:Stack", "dev"), type: "pulumi:pulumi:Stack" };

/** A state with pending operations. */
const state = (...pending: readonly { readonly type: string; readonly resource: StateResource }[]): StackState => ({
  deployment: { resources: [made], pending_operations: pending },
});
type StateResource = NonNullable<StackState["deployment"]["resources"]>[number];
const creating = (resource: StateResource, name: string) => ({
  type: "creating",
  resource: { ...resource, inputs: { tags: { Name: name } } },
});

/** Runs a recovery. Returns its result and its steps in their order. */
async function recovering(before: StackState, has: Readonly<Record<string, string>>, { locked = false } = {}) {
  const did: string[] = [];
  let imported: StackState | undefined;
  const account = {
    findTagged: (_type: string, { Name = "" }: Readonly<Partial<Record<string, string>>>) => Promise.resolve(has[Name]),
    removeDefaultEgress: (id: string, recorded: readonly string[]) => {
      if (recorded.length > 0) did.push(`keeps ${recorded.join()}`);
      did.push(`removes what ${id} lets out`);
      return Promise.resolve();
    },
  } as Partial<RecoveryAccount> as RecoveryAccount;
  const run = recover((args, input) => {
    if (args[1] === "export") return Promise.resolve(JSON.stringify(before));
    if (locked) return Promise.reject(new Error("the stack is currently locked by 1 lock(s)"));
    if (args[1] === "import") imported = JSON.parse(input ?? "") as StackState;
    did.push(args.join(" "));
    return Promise.resolve("");
  }, account);
  const result = await run.catch((error: unknown) => (error as Error).message);
  return { result, did, imported };
}

describe("the recovery of a killed update", () => {
  test("does nothing without pending operations", async () => {
    expect(await recovering(state(), {})).toEqual({ result: { begun: 0, adopted: [], reread: [] }, did: [], imported: undefined });
  });

  test("imports and reads pending resources that exist, and removes the others", async () => {
    const { result, did, imported } = await recovering(state(creating(vpc, "dev-vpc"), creating(group, "dev-worker-sg")), {
      "dev-vpc": "vpc-1",
    });
    expect(result).toEqual({ begun: 2, adopted: [vpc.urn], reread: [] });
    expect(imported).toEqual({
      deployment: { resources: [made, { ...vpc, inputs: { tags: { Name: "dev-vpc" } }, id: "vpc-1", outputs: {} }] },
    });
    expect(did).toEqual(["stack import", `refresh --yes --skip-preview --target ${vpc.urn}`]);
  });

  test("removes AWS's default rule of a security group before it reads the group", async () => {
    const { did } = await recovering(state(creating(group, "dev-worker-sg")), { "dev-worker-sg": "sg-1" });
    expect(did).toEqual(["stack import", "removes what sg-1 lets out", `refresh --yes --skip-preview --target ${group.urn}`]);
  });

  test("reads resources that a failed update left incomplete, except those of the Kubernetes provider", async () => {
    const failed = { id: "x-1", initErrors: ["creating: UnauthorizedOperation"] };
    const before: StackState = {
      deployment: {
        resources: [
          made,
          { ...vpc, ...failed },
          { ...group, ...failed, id: "sg-1" },
          { ...failed, urn: urn("kubernetes:apps/v1:Deployment", "router"), type: "kubernetes:apps/v1:Deployment" },
        ],
      },
    };
    const { result, did, imported } = await recovering(before, {});
    expect(result).toEqual({ begun: 0, adopted: [], reread: [vpc.urn, group.urn] });
    expect(imported).toEqual(before);
    const targets = `--target ${vpc.urn} --target ${group.urn}`;
    expect(did).toEqual(["stack import", "removes what sg-1 lets out", `refresh --yes --skip-preview ${targets}`]);
  });

  test("keeps the stack's rules of an incomplete security group, even if they allow all egress", async () => {
    const rule = { urn: urn("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "out"), id: "sgr-1", outputs: { id: "sgr-1" } };
    const failed = { ...group, id: "sg-1", outputs: { id: "sg-1" }, initErrors: ["updating tags: ExpiredToken"] };
    const resources = [made, failed, { ...rule, type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" }];
    const { did } = await recovering({ deployment: { resources } }, {});
    expect(did.slice(0, 3)).toEqual(["stack import", "keeps sgr-1", "removes what sg-1 lets out"]);
  });

  test("reads a resource that an earlier recovery adopted and could not read, because an update would replace a resource without outputs", async () => {
    const adopted = { ...vpc, id: "vpc-1", outputs: {} };
    const complete = { ...vpc, urn: urn(vpc.type, "other"), id: "vpc-2", outputs: { id: "vpc-2" } };
    const { result, did } = await recovering({ deployment: { resources: [made, adopted, complete] } }, {});
    expect(result).toEqual({ begun: 0, adopted: [], reread: [vpc.urn] });
    expect(did).toEqual(["stack import", `refresh --yes --skip-preview --target ${vpc.urn}`]);
  });

  test("changes nothing while another update has the stack's lock", async () => {
    const { result, did } = await recovering(state(creating(group, "dev-worker-sg")), { "dev-worker-sg": "sg-1" }, { locked: true });
    expect([result, did]).toEqual(["the stack is currently locked by 1 lock(s)", []]);
  });
});
