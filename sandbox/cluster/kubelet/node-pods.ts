import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Api, KubeObject } from "../api";
import { Forwarder } from "./network";

/** Milliseconds between two reads of the pods and the Services. */
const intervalMs = 1000;

interface NodePod extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image: string; readonly ports?: readonly { containerPort: number }[] }[];
  };
  readonly status?: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly name: string; readonly imageID?: string; readonly restartCount: number }[];
  };
}

interface Slice extends KubeObject {
  /** A Service without pods has null. */
  readonly endpoints:
    | readonly {
        readonly addresses: readonly string[];
        readonly nodeName?: string;
        readonly conditions?: { readonly ready?: boolean };
      }[]
    | null;
}

/**
 * The network of a real node's pods towards the rest of the sandbox: a loopback port for each pod's first port, and the names of Services, which
 * the node's DNS server answers with the addresses of the ready pods. The node has no proxy for the Services' own addresses.
 */
export class NodePods {
  private readonly forwarders = new Map<string, { readonly address: string; readonly forwarder: Forwarder }>();
  private readonly said = new Map<string, string>();
  private names = "";
  private busy?: Promise<void>;
  private next = 0;

  constructor(
    private readonly api: Api,
    private readonly options: { readonly directory: string; readonly node: string; readonly say: (text: string) => void },
  ) {}

  /** The loopback port that leads to a pod's first port; undefined for a pod that does not run on the node. */
  readonly portOf = (uid: string): number | undefined => this.forwarders.get(uid)?.forwarder.port;

  /** Starts to look at the pods. It does not wait for the result. */
  advance(): void {
    if (this.busy !== undefined || Date.now() < this.next) return;
    this.busy = this.look()
      .catch((error: unknown) => {
        this.options.say(`pods of the real node: ${error instanceof Error ? error.message : String(error)}`);
      })
      .then(() => {
        this.next = Date.now() + intervalMs;
        this.busy = undefined;
      });
  }

  close(): void {
    for (const { forwarder } of this.forwarders.values()) forwarder.close();
    this.forwarders.clear();
  }

  async look(): Promise<void> {
    const { node } = this.options;
    const pods = await this.api.list<NodePod>(`/api/v1/pods?fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`);
    for (const [uid, { forwarder }] of this.forwarders)
      if (!pods.some(({ metadata }) => metadata.uid === uid)) {
        forwarder.close();
        this.forwarders.delete(uid);
        this.said.delete(uid);
      }
    for (const pod of pods) await this.serve(pod);
    const slices = await this.api.list<Slice>("/apis/discovery.k8s.io/v1/endpointslices");
    this.write(serviceNames(slices, node));
  }

  private async serve({ metadata, spec, status }: NodePod): Promise<void> {
    const { uid = "", name = "", namespace = "" } = metadata;
    const port = spec.containers[0].ports?.[0]?.containerPort;
    const address = status?.podIP;
    if (port === undefined || address === undefined) return;
    const known = this.forwarders.get(uid);
    if (known?.address !== address) {
      known?.forwarder.close();
      this.forwarders.set(uid, { address, forwarder: await Forwarder.start({ address: "127.0.0.1", port: 0 }, { address, port }) });
    }
    const containers = status?.containerStatuses ?? [];
    const text = `${namespace}/${name}: runs in a real container at ${address}, from the image ${spec.containers[0].image}, after ${containers[0]?.restartCount ?? 0} restarts`;
    if (containers.length > 0 && this.said.get(uid) !== text) this.options.say(text);
    this.said.set(uid, text);
  }

  /** Writes the file that the DNS server reads again after each change. */
  private write(names: string): void {
    if (names === this.names) return;
    const file = join(this.options.directory, "names", "services");
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, names, { mode: 0o600 });
    this.names = names;
  }
}

/** The names of the Services with ready pods on a node, in the form of `/etc/hosts`. */
export function serviceNames(slices: readonly Slice[], node: string): string {
  const lines = slices.flatMap(({ metadata, endpoints }) => {
    const service = metadata.labels?.["kubernetes.io/service-name"];
    if (service === undefined) return [];
    const ready = (endpoints ?? []).filter(({ conditions, nodeName }) => nodeName === node && conditions?.ready !== false);
    return ready.flatMap(({ addresses }) =>
      addresses.map((address) => `${address} ${service}.${metadata.namespace ?? ""}.svc.cluster.local\n`),
    );
  });
  return lines.sort().join("");
}
