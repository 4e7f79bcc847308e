/** Operators that hold back an update of the cluster. */
import { checkState } from "../../../../../steps/release/check";
import { incompatibleOperators } from "../../../../../sandbox/cluster/olm-stand-in/incompatible";
import type { OlmCsv } from "../../../../../sandbox/cluster/olm-stand-in/objects";

const csv = (name: string, last?: string) => {
  const properties = [
    { type: "olm.package", value: {} },
    ...(last === undefined ? [] : [{ type: "olm.maxOpenShiftVersion", value: last }]),
  ];
  const annotations = { "operatorframework.io/properties": JSON.stringify({ properties }) };
  return { metadata: { name, namespace: "tools", annotations } } as unknown as OlmCsv;
};

test("operators that support the next minor version or name no version do not hold back an update", () => {
  expect(incompatibleOperators([csv("free"), csv("next", "4.20"), csv("later", "4.21")], "4.19.3")).toBeUndefined();
});

test("operators that hold back an update are named in the cluster operator's condition and in this program's check before an update", () => {
  const hold = incompatibleOperators([csv("old.v1", "4.19"), csv("free")], "4.19.3");
  expect(hold).toEqual({
    reason: "IncompatibleOperatorsInstalled",
    message:
      "ClusterServiceVersions blocking minor version upgrades to 4.20.0 or higher:\n- maximum supported OCP version for tools/old.v1 is 4.19",
  });
  const desired = { version: "4.19.3", image: "i" };
  const state = {
    clusterVersion: { status: { desired, history: [{ ...desired, state: "Completed" }], conditions: [] } },
    operators: [
      { metadata: { name: "operator-lifecycle-manager" }, status: { conditions: [{ type: "Upgradeable", status: "False", ...hold }] } },
    ],
    gates: {},
    acks: {},
    credentials: {},
  };
  const { refusal } = checkState(state, { version: "4.20.1", force: false, acceptRisks: false });
  expect(refusal).toContain("maximum supported OCP version for tools/old.v1 is 4.19. Update these operators first");
  expect(checkState(state, { version: "4.19.4", force: false, acceptRisks: false }).refusal).not.toContain("old.v1");
});
