/** Resources that AWS has created twice, because the answer to the first request was lost and AWS accepted the second request. */
import type { RecoveryAccount, TaggedResource } from "../../../../tools/recovery/account";
import { removeDuplicates } from "../../../../tools/recovery/duplicates";
import type { StateResource } from "../../../../tools/recovery/state";

const resource = (type: string, id: string, name?: string): StateResource => ({
  urn: `urn:pulumi:dev::okd-aws::${type}::${id}`,
  type,
  id,
  inputs: name === undefined ? {} : { tags: { Name: name } },
});
const identity = resource("pulumi-nodejs:dynamic/okd:ClusterIdentity", "dev-2nnq6");
const network = resource("aws:ec2/vpc:Vpc", "vpc-1", "dev-2nnq6-vpc");
const address = resource("aws:ec2/eip:Eip", "eipalloc-1", "dev-2nnq6-nat-a");
const other: TaggedResource = { type: "elastic-ip", id: "eipalloc-2", name: "dev-2nnq6-nat-a" };

/** Removes the duplicates of a state from an account that lists `found`. AWS refuses to delete `inUse`, and no longer has `gone`. */
async function removing(
  resources: readonly StateResource[],
  found: readonly TaggedResource[],
  { inUse = [], gone = [] }: { readonly inUse?: readonly string[]; readonly gone?: readonly string[] } = {},
) {
  const asked: unknown[] = [];
  const deleted: string[] = [];
  const account: Pick<RecoveryAccount, "findNamed" | "remove"> = {
    findNamed: (types, names) => {
      asked.push(types, names);
      return Promise.resolve([...found]);
    },
    remove: ({ id }) => {
      if (inUse.includes(id)) return Promise.reject(new Error("InvalidIPAddress.InUse: Address is in use."));
      if (gone.includes(id)) return Promise.resolve(false);
      deleted.push(id);
      return Promise.resolve(true);
    },
  };
  const lines = await removeDuplicates({ deployment: { resources } }, account as RecoveryAccount);
  return { asked, deleted, lines };
}

describe("the removal of duplicates", () => {
  it("deletes a resource that has the name of one in the state and is not in the state", async () => {
    const first: TaggedResource = { ...other, id: "eipalloc-1" };
    expect(await removing([identity, network, address], [first, other])).toEqual({
      asked: [
        ["vpc", "elastic-ip", "internet-gateway"],
        ["dev-2nnq6-vpc", "dev-2nnq6-nat-a"],
      ],
      deleted: ["eipalloc-2"],
      lines: ["AWS had created dev-2nnq6-nat-a twice because an answer was lost: the second one (eipalloc-2) is deleted"],
    });
  });

  it("leaves a resource that is in use, and reports its name", async () => {
    const { deleted, lines } = await removing([identity, address], [other], { inUse: ["eipalloc-2"] });
    expect(deleted).toEqual([]);
    expect(lines).toEqual([
      "AWS has another elastic-ip named dev-2nnq6-nat-a: eipalloc-2 is not in the stack's state and was not deleted (InvalidIPAddress.InUse: Address is in use.). Delete it if nothing uses it.",
    ]);
  });

  it("does not report a deleted resource whose tags EC2 still lists", async () => {
    expect(await removing([identity, address], [other], { gone: ["eipalloc-2"] })).toMatchObject({ deleted: [], lines: [] });
  });

  it("leaves a resource that a replacement has not deleted yet, because it is in the state", async () => {
    const replaced = resource("aws:ec2/eip:Eip", "eipalloc-2", "dev-2nnq6-nat-a");
    expect(await removing([identity, address, replaced], [other])).toMatchObject({ deleted: [], lines: [] });
  });

  it.each([
    [
      "names without the cluster's random identity, which may be somebody else's",
      [identity, resource("aws:ec2/vpc:Vpc", "vpc-1", "shared")],
    ],
    ["types that have names or client tokens", [identity, resource("aws:ec2/natGateway:NatGateway", "nat-1", "dev-2nnq6-nat-a")]],
    ["a stack without a cluster", [network]],
  ])("sends no request to AWS for %s", async (_what, resources) => {
    expect(await removing(resources, [other])).toEqual({ asked: [], deleted: [], lines: [] });
  });
});
