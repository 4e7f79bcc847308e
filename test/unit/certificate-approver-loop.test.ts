import { Approver, type ApproverCluster } from "../../operations/certificate-approver/approver";
import type { Machine } from "../../operations/certificate-approver/decide";
import type { CertificateRequest } from "../../operations/certificate-approver/request";
import { clientRequest } from "./certificate-requests";

const node = "ip-10-0-0-1.ec2.internal";
const machine: Machine = {
  id: "i-1",
  nodeName: node,
  state: "running",
  vpcId: "vpc-0a1",
  tags: { "kubernetes.io/cluster/demo-x7k2p": "shared" },
  launched: new Date(),
  names: [node],
  addresses: ["10.0.0.1"],
};

/** Runs so many rounds over these requests; `before` prepares each, and may throw as a cluster that can't be reached. */
async function rounds(
  count: number,
  requests: readonly CertificateRequest[],
  options: { machines: Machine[]; before?: (round: number) => void; approve?: () => void },
) {
  const stop = new AbortController();
  const log: Readonly<Record<string, unknown>>[] = [];
  const approved: string[] = [];
  let reads = 0;
  let round = 0;
  const cluster: ApproverCluster = {
    list: () => Promise.resolve({ requests, version: "1" }),
    watch: () => Promise.resolve(),
    hasNode: () => Promise.resolve(false),
    approve: ({ name }) => {
      options.approve?.();
      approved.push(name);
      return Promise.resolve();
    },
  };
  const openCluster = (): ApproverCluster => {
    round += 1;
    if (round > count) stop.abort();
    else options.before?.(round);
    return cluster;
  };
  const inventory = {
    read: () => {
      reads += 1;
      return Promise.resolve(options.machines);
    },
  };
  const rules = { infraId: "demo-x7k2p", vpcId: "vpc-0a1", oldestMachineSeconds: 7200, notNodes: [] };
  await new Approver({ rules, inventory, openCluster, log: (line) => log.push(line) }).run(stop.signal);
  return { log, approved, reads };
}

describe("the approver's loop", () => {
  it("asks EC2 nothing about a request that is wrong on its face, looks at it once and says so once", async () => {
    const forged = { ...(await clientRequest(node)), usages: ["any"] };
    const { log, approved, reads } = await rounds(3, [forged], { machines: [machine] });
    expect({ approved, reads }).toEqual({ approved: [], reads: 0 });
    expect(log.map(({ event }) => event)).toEqual(["connected", "refused"]);
  });

  it("looks again at what may become right, and approves it then", async () => {
    const machines: Machine[] = [];
    const before = (round: number): void => {
      if (round === 3) machines.push(machine);
    };
    const { log, approved } = await rounds(3, [await clientRequest(node)], { machines, before });
    expect(log.map(({ event, reason }) => [event, reason])).toEqual([
      ["connected", undefined],
      ["refused", "NoSuchMachine"],
      ["approved", undefined],
    ]);
    expect(approved).toEqual(["csr-abcde"]);
  });

  it("leaves alone what somebody has decided", async () => {
    const { log, approved } = await rounds(2, [{ ...(await clientRequest(node)), decided: true }], { machines: [machine] });
    expect({ approved, events: log.length }).toEqual({ approved: [], events: 1 });
  });

  it("goes on with the others when one approval fails, and tries that one again", async () => {
    const one = await clientRequest(node);
    let calls = 0;
    const approve = (): void => {
      calls += 1;
      if (calls === 1) throw new Error("409 Conflict");
    };
    const { log, approved } = await rounds(2, [one, { ...one, name: "csr-other", uid: "other" }], { machines: [machine], approve });
    expect(approved).toEqual(["csr-other", "csr-abcde", "csr-other"]);
    expect(log.filter(({ event }) => event === "failed")).toHaveLength(1);
  });

  it("says once that there is no kubeconfig yet, and waits", async () => {
    const before = (round: number): void => {
      if (round < 3) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    };
    const { log } = await rounds(3, [], { machines: [], before });
    expect(log.map(({ event }) => event)).toEqual(["waiting", "connected"]);
  });
});
