import { Approver, type ApproverCluster } from "../../../../steps/certificate-approver/approver";
import type { ClusterInstance } from "../../../../steps/certificate-approver/decision";
import type { CertificateRequest } from "../../../../steps/certificate-approver/request";
import { clientRequest, servingRequest } from "./certificate-requests";

// Making keys and signatures takes seconds on a busy machine.
jest.setTimeout(60_000);

const node = "ip-10-0-0-1.ec2.internal";
const machine: ClusterInstance = {
  id: "i-1",
  nodeNames: [node],
  state: "running",
  vpcId: "vpc-0a1",
  tags: { "kubernetes.io/cluster/demo-x7k2p": "shared" },
  launched: new Date(),
  names: [node],
  addresses: ["10.0.0.1"],
};

const parameters = { infraId: "demo-x7k2p", vpcId: "vpc-0a1", oldestMachineSeconds: 7200, notNodes: [] };

/**
 * Runs this number of rounds over these requests. `before` is called before each round; if it throws, the round fails as if the cluster could not be
 * reached.
 */
async function rounds(
  count: number,
  requests: readonly CertificateRequest[],
  options: { machines: ClusterInstance[] | Error; before?: (round: number) => void; approve?: () => void },
) {
  const stop = new AbortController();
  const log: Readonly<Record<string, unknown>>[] = [];
  const approved: string[] = [];
  let reads = 0;
  let since = NaN;
  let round = 0;
  const cluster: ApproverCluster = {
    list: (signer, tell) => {
      for (const request of requests) if (request.signerName === signer) tell(request);
      return Promise.resolve("1");
    },
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
    read: (arrived: number) => {
      reads += 1;
      since = arrived;
      return options.machines instanceof Error ? Promise.reject(options.machines) : Promise.resolve(options.machines);
    },
  };
  await new Approver({ parameters, inventory, openCluster, log: (line) => log.push(line) }).run(stop.signal);
  return { log, approved, reads, since };
}

describe("the approver's loop", () => {
  it("refuses an invalid request once, without asking EC2", async () => {
    const forged = { ...(await clientRequest(node)), usages: ["any"] };
    const { log, approved, reads } = await rounds(3, [forged], { machines: [machine] });
    expect({ approved, reads }).toEqual({ approved: [], reads: 0 });
    expect(log.map(({ event }) => event)).toEqual(["connected", "refused"]);
  });

  it("decides on a request only with an answer of EC2 that is newer than the request", async () => {
    const start = performance.now();
    const { approved, reads, since } = await rounds(1, [await clientRequest(node)], { machines: [machine] });
    expect({ approved: approved.length, reads }).toEqual({ approved: 1, reads: 1 });
    expect(since).toBeGreaterThan(start);
  });

  it("looks again at a refused request that may become valid, and approves it when it is valid", async () => {
    const machines: ClusterInstance[] = [];
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

  it("ignores a request that somebody has decided", async () => {
    const { log, approved } = await rounds(2, [{ ...(await clientRequest(node)), decided: true }], { machines: [machine] });
    expect({ approved, events: log.length }).toEqual({ approved: [], events: 1 });
  });

  it("continues with other requests if an approval fails, and repeats that approval", async () => {
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

  it("starts to watch before it has decided on the listed requests", async () => {
    const request = await clientRequest(node);
    const asked: string[] = [];
    const stop = new AbortController();
    let watched: () => void = () => undefined;
    const watching = new Promise<void>((resolve) => (watched = resolve));
    const cluster: ApproverCluster = {
      list: (signer, tell) => {
        if (request.signerName === signer) tell(request);
        return Promise.resolve("1");
      },
      watch: (signer) => {
        asked.push(`watch ${signer.split("/")[1]}`);
        if (asked.length === 2) watched();
        return Promise.resolve();
      },
      hasNode: async () => {
        await watching;
        return false;
      },
      approve: () => {
        asked.push("approve");
        stop.abort();
        return Promise.resolve();
      },
    };
    const inventory = { read: () => Promise.resolve([machine]) };
    await new Approver({ parameters, inventory, openCluster: () => cluster, log: () => undefined }).run(stop.signal);
    expect(asked.slice(0, 3)).toEqual(["watch kube-apiserver-client-kubelet", "watch kubelet-serving", "approve"]);
  });

  it("does not let a flood of one requestor delay the others", async () => {
    const good = await clientRequest(node);
    const flood = Array.from({ length: 5000 }, (_, index) => ({ ...good, name: `flood-${index}`, uid: `flood-${index}`, usages: ["any"] }));
    const serving = await servingRequest(node, [{ type: "ip", value: "10.0.0.1" }]);
    const { log, approved } = await rounds(1, [...flood, serving], { machines: [machine] });
    expect(approved).toEqual([serving.name]);
    expect(log.filter(({ event }) => event === "refused")).toHaveLength(100);
  });

  it("decides once on each of many requests", async () => {
    const good = await clientRequest(node);
    const flood = Array.from({ length: 250 }, (_, index) => ({ ...good, name: `flood-${index}`, uid: `flood-${index}`, usages: ["any"] }));
    const { log, approved } = await rounds(4, [...flood, good], { machines: [machine] });
    expect(approved).toContain(good.name);
    expect(log.filter(({ event }) => event === "refused")).toHaveLength(250);
  });

  it("looks at a refused request less and less often, but at least every ten rounds", async () => {
    const { reads } = await rounds(200, [await clientRequest("ip-10-0-9-9.ec2.internal")], { machines: [machine] });
    expect(reads).toBeGreaterThan(200 / 10);
    expect(reads).toBeLessThan(40);
  });

  it("postpones the other requests of a round if EC2 does not answer, and decides on all of them in the next round", async () => {
    const good = await clientRequest(node);
    const requests = Array.from({ length: 50 }, (_, index) => ({ ...good, name: `csr-${index}`, uid: `csr-${index}` }));
    const failing = await rounds(1, requests, { machines: new Error("EC2 is silent") });
    expect([failing.reads, failing.approved]).toEqual([3, []]);
    const machines: ClusterInstance[] = [];
    const add = (round: number): void => {
      if (round === 2) machines.push(machine);
    };
    const { approved } = await rounds(2, requests, { machines, before: add });
    expect(approved).toHaveLength(50);
  });

  it("reports a missing kubeconfig once, and waits", async () => {
    const before = (round: number): void => {
      if (round < 3) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    };
    const { log } = await rounds(3, [], { machines: [], before });
    expect(log.map(({ event }) => event)).toEqual(["waiting", "connected"]);
  });
});
