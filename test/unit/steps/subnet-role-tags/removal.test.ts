import { removeRoleTag, type RoleTagAccount } from "../../../../steps/subnet-role-tags/removal";

const role = "kubernetes.io/role/elb";
const subnetId = "subnet-1";

/** An account with one subnet, which has these tags. `word` is true while a record says that a cluster of this program set the role tag. */
function accountWith(...keys: string[]) {
  const state = { tags: new Set(keys), word: false };
  const account: RoleTagAccount = {
    tagsOf: () => Promise.resolve([...state.tags]),
    removeTag: (_id, key) => Promise.resolve(state.tags.delete(key)),
    recordOwnTag: () => Promise.resolve((state.word = true)),
    deleteRecord: () => {
      const { word } = state;
      state.word = false;
      return Promise.resolve(word);
    },
  };
  const leave = async (cluster: string, own: boolean) => {
    const clusterTag = `kubernetes.io/cluster/${cluster}`;
    await removeRoleTag({ region: "us-east-1", subnetId, roleTag: role, clusterTag, own }, account);
    state.tags.delete(clusterTag);
  };
  return { state, leave };
}

describe("the role tag of an existing subnet", () => {
  test("is removed with the cluster that set it", async () => {
    const { state, leave } = accountWith(role, "kubernetes.io/cluster/one", "Name");
    await leave("one", true);
    expect(state).toEqual({ tags: new Set(["Name"]), word: false });
  });

  test("stays if somebody else set it", async () => {
    const { state, leave } = accountWith(role, "kubernetes.io/cluster/one");
    await leave("one", false);
    expect([...state.tags]).toEqual([role]);
  });

  test("stays while another cluster needs it, and is removed with the last cluster", async () => {
    const { state, leave } = accountWith(role, "kubernetes.io/cluster/one", "kubernetes.io/cluster/two");
    await leave("one", true);
    expect([...state.tags]).toEqual([role, "kubernetes.io/cluster/two"]);
    await leave("two", false);
    expect(state).toEqual({ tags: new Set(), word: false });
  });

  test("stays if somebody else had set it before two clusters were created and destroyed", async () => {
    const { state, leave } = accountWith(role, "kubernetes.io/cluster/one", "kubernetes.io/cluster/two");
    await leave("one", false);
    await leave("two", false);
    expect(state).toEqual({ tags: new Set([role]), word: false });
  });
});
