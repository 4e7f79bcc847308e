/**
 * The example application in real containers: a real kubelet with containerd runs its pods on a node of the simulated cluster. Without the
 * rights for that, kwok and processes serve the same installation, and the simulator's log says so.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProblem } from "@okd-aws/sandbox/toolchain";
import { newIn } from "../engine/kinds";
import { describeWithTools } from "../engine/requirements";
import { singleNode } from "../engine/single-node";
import { runSmoke } from "../engine/smoke";
import { Topology } from "../engine/topology";
import { until } from "../engine/until";
import { cgroups, containerProcesses, leftOnThisComputer } from "./containers";

const run = promisify(execFile);

const NODE = "real-containers";
const NAMESPACE = "okd-aws-example";

/** Whether this process may make the namespaces that containers need. */
const hasRights = process.getuid?.() === 0 && spawnSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"]).status === 0;

/** If false, the same test proves that kwok and processes serve, and that the sandbox says so. */
const canRunContainers = hasRights && debianProblem() === undefined;

/** The reason that the sandbox must give if it has no real kubelet. */
const reason = hasRights ? /this computer does not run Debian 12/ : /a real kubelet needs (root|the capabilities NET_ADMIN and SYS_ADMIN)/;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly podIP: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses: readonly { readonly imageID: string; readonly restartCount: number }[];
  };
}

describeWithTools(
  canRunContainers ? "the example application in real containers" : "the example application without a real kubelet",
  () => {
    let topology: Topology;
    const before = leftOnThisComputer();

    beforeAll(async () => {
      topology = await Topology.open("real-kubelet", { machines: true, realKubelet: true });
      await topology.configure({
        ...singleNode,
        masterInstanceType: "m6i.4xlarge",
        clusterName: "containers",
        release: "4.19.0-okd-scos.1",
        releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1",
        bootstrapTimeout: 8,
        installTimeout: 8,
        exampleApplication: true,
      });
    });

    afterAll(async () => {
      await (topology as Topology | undefined)?.close();
      expect(leftOnThisComputer()).toEqual(before);
    });

    const log = () => readFileSync(join(topology.sandbox.directory, "cluster", "simulator.log"), "utf8");

    const kubectl = async <T>(...args: string[]): Promise<T> => {
      const kubeconfig = join(topology.sandbox.directory, "kubeconfig");
      if (!existsSync(kubeconfig)) writeFileSync(kubeconfig, String((await topology.outputs()).kubeconfig), { mode: 0o600 });
      const env = topology.sandbox.processEnvironment;
      const { stdout } = await run("kubectl", ["--kubeconfig", kubeconfig, ...args, "--output", "json"], {
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      return JSON.parse(stdout) as T;
    };

    const podsOf = async (app: string) =>
      (await kubectl<{ items: Pod[] }>("get", "pods", "--namespace", NAMESPACE, "--selector", `app=${app}`)).items;

    const isReady = ({ status }: Pod) => status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True");

    const smoke = async () => {
      const outcome = await runSmoke(topology);
      expect([outcome.code, outcome.steps.filter(({ problem }) => problem !== undefined)]).toEqual([0, []]);
    };

    it("is installed by the program, and written and read through the router", async () => {
      const account = await topology.inventory();
      await topology.up();
      if (canRunContainers) await inContainers();
      await smoke();
      if (canRunContainers) {
        expect(log()).toContain(`a real kubelet serves the example application's pods, on the node ${NODE}; kwok serves all other pods`);
        expect(topology.sandbox.kubelet).toMatch(/^a real kubelet serves the pods of the example application/);
        expect(log()).not.toMatch(/in the place of its container runs/);
      } else {
        expect(log()).toMatch(/kwok serves all pods: /);
        expect(log()).toMatch(reason);
        expect(topology.sandbox.kubelet).toMatch(/^kwok serves all pods: /);
        expect(topology.sandbox.kubelet).toMatch(reason);
        expect(log()).toMatch(/guestbook-database-0: in the place of its container runs PostgreSQL as a process/);
      }
      await topology.destroy();
      expect(newIn(account, await topology.inventory())).toEqual({});
    });

    /** What only real containers can show. */
    async function inContainers(): Promise<void> {
      await onTheRealNode();
      const entry = await throughThePodsPort();
      await restartedByTheKubelet(entry);
      await readyByItsProbes();
    }

    async function onTheRealNode(): Promise<void> {
      // The autoscaler makes the second web server.
      await until("two web servers are ready", async () => {
        const pods = await podsOf("guestbook");
        return pods.length === 2 && pods.every(isReady);
      });
      const { status } = await kubectl<{ status: { nodeInfo: Record<string, string> } }>("get", "node", NODE);
      expect(status.nodeInfo.containerRuntimeVersion).toMatch(/^containerd:\/\/1\.6\./);
      expect(status.nodeInfo.kubeletVersion).toMatch(/^v1\.33\./);
      const { items } = await kubectl<{ items: (Pod & { metadata: { namespace: string } })[] }>("get", "pods", "--all-namespaces");
      const there = items.filter(({ spec }) => spec.nodeName === NODE);
      expect(there.map(({ metadata }) => metadata.namespace)).toEqual([NAMESPACE, NAMESPACE, NAMESPACE]);
      expect(items.filter(({ metadata, spec }) => metadata.namespace === NAMESPACE && spec.nodeName !== NODE)).toEqual([]);
      for (const { spec, status: pod } of there) {
        expect(spec.containers[0].image).toMatch(/^10\.254\.\d+\.2:5000\/(web|database)@sha256:/);
        expect(spec.containers[0].image).toContain(pod.containerStatuses[0].imageID.split("@")[1]);
      }
      // The kernel's view: the image's user, no rights, no way to more rights, a filter of system calls, and the memory limit of the pod's template.
      const [server] = containerProcesses("postgres");
      expect(server).toEqual({
        pid: expect.any(Number) as number,
        user: 26,
        capabilities: 0n,
        noNewPrivileges: true,
        seccomp: true,
        memoryLimit: 512 * 1024 * 1024,
      });
      expect(cgroups()).not.toEqual([]);
    }

    /** Writes through one web server's own address, and reads through the other's. */
    async function throughThePodsPort(): Promise<unknown> {
      const [one, other] = await podsOf("guestbook");
      const written = await fetch(`http://${one.status.podIP}:8080/?format=json`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ name: "Anna", message: "written in a container" }),
      });
      expect(written.status).toBe(201);
      const read: unknown = await (await fetch(`http://${other.status.podIP}:8080/?format=json`)).json();
      expect(read).toEqual([expect.objectContaining({ name: "Anna", message: "written in a container" })]);
      return read;
    }

    /** Kills the database's server. The kubelet starts the container of the same pod again, with the same volume. */
    async function restartedByTheKubelet(entries: unknown): Promise<void> {
      const [{ metadata }] = await podsOf("guestbook-database");
      process.kill(containerProcesses("postgres")[0].pid, "SIGKILL");
      let restarted: Pod | undefined;
      const runsAgain = async () => {
        [restarted] = await podsOf("guestbook-database");
        return restarted.status.containerStatuses[0].restartCount === 1 && isReady(restarted);
      };
      await until("the container of the database runs again", runsAgain);
      expect(restarted?.metadata.uid).toBe(metadata.uid);
      await until("the web servers are ready", async () => (await podsOf("guestbook")).every(isReady));
      const [web] = await podsOf("guestbook");
      expect(await (await fetch(`http://${web.status.podIP}:8080/?format=json`)).json()).toEqual(entries);
    }

    /** Stops the database's processes without an end. Only the probes of the web servers notice. */
    async function readyByItsProbes(): Promise<void> {
      const stopped = containerProcesses("postgres").map(({ pid }) => pid);
      for (const pid of stopped) process.kill(pid, "SIGSTOP");
      try {
        // Three probes must fail, one every 10 s, and each may take 10 s.
        await until("no web server is ready", async () => !(await podsOf("guestbook")).some(isReady), 2, 120);
        const web = await podsOf("guestbook");
        expect(web.map(({ status }) => status.containerStatuses[0].restartCount)).toEqual([0, 0]);
      } finally {
        for (const pid of stopped) process.kill(pid, "SIGCONT");
      }
      await until("the web servers are ready again", async () => (await podsOf("guestbook")).every(isReady));
    }
  },
);
