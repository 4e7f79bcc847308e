import type { Layer } from "../../../../steps/diagnosis/finding";
import type { Scene } from "./scene";

/** A failure, and the only finding that follows from it: its layer and sentence. */
export type InjectedFailure = readonly [title: string, damage: (scene: Scene) => unknown, layer: Layer, problem: string];

export const must = <T>(value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new Error("the healthy evidence lacks the part that this test changes");
  return value;
};
export const networkOf = ({ evidence }: Scene) => must(evidence.network);
export const machineIn = ({ evidence }: Scene, name: string) => must(evidence.machines?.find((each) => each.name === name));
export const group = (scene: Scene, id: string) => must(networkOf(scene).groups?.find(({ GroupId }) => GroupId === id));
export const routes = (scene: Scene, id: string) => must(networkOf(scene).routeTables?.find(({ RouteTableId }) => RouteTableId === id));
export const cluster = ({ evidence }: Scene) => must(evidence.cluster);
export const int = ({ evidence }: Scene) => must(evidence.balancing.balancers.int);
export const targetGroup = ({ evidence }: Scene, key: "aext" | "aint" | "sint") => must(evidence.balancing.targets[key]);
export const ignition = ({ evidence }: Scene) => must(evidence.ignition);
export const removeRecord = ({ evidence: { dns } }: Scene, zone: string, name: string) =>
  must(dns.records.find((record) => record.zone === zone && record.name === name)).found.splice(0);
export const removeRule = (scene: Scene, id: string, port: number, source: string) => {
  const rules = must(group(scene, id).IpPermissions);
  const index = rules.findIndex(
    ({ FromPort, IpProtocol, UserIdGroupPairs, IpRanges }) =>
      FromPort === port && IpProtocol !== "icmp" && (UserIdGroupPairs?.[0]?.GroupId ?? IpRanges?.[0]?.CidrIp) === source,
  );
  expect(index).toBeGreaterThanOrEqual(0);
  rules.splice(index, 1);
};

export const internalName = "dev-abcde-int.elb.us-east-1.amazonaws.com";
export const objectArn = "arn:aws:s3:::dev-abcde-bootstrap-ignition/bootstrap.ign";
