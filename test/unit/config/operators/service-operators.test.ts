import { operatorUses } from "../../../../config/operators/service-operators";
import { problemsOf, withKeys } from "../fixture";

test("if the operators of all services are missing, each fix appends a different item to the key operators", () => {
  const keys = { lokiSize: "1x.demo", grafana: true, grafanaAdminGroups: ["admins"], elasticLicence: "basic", elasticVersion: "9.4.3" };
  const fixes = problemsOf(withKeys(keys)).map(({ fix }) => /'operators\[(\d+)\]'/.exec(fix)?.[1]);
  expect(fixes.filter((index) => index !== undefined).sort()).toEqual(["0", "1", "2", "3"]);
});

test("OADP is needed only on OpenShift", () => {
  const off = { elasticLicence: "" as const, grafana: false, logPipelines: [], lokiSize: "" as const };
  const uses = (distribution: "okd" | "openshift", release: string) =>
    operatorUses({ ...off, veleroSchedules: [{ name: "daily" }], distribution, release }).map(({ needed }) => needed.packages[0]);
  expect(uses("okd", "4.19.0-okd-scos.1")).toEqual([]);
  expect(uses("openshift", "4.19.3")).toEqual(["redhat-oadp-operator"]);
});
