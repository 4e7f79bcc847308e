import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Api, undefinedIfMissing } from "../api";
import type { BootstrapConfig } from "../bootstrap-config";
import { nodeVolume } from "./configuration";
import { NodePods } from "./node-pods";
import { placeOnRealNode, placeOnSimulatedNodes } from "./placement";
import type { NodeChoice } from "./programs";
import { RealNode, stopRealNode } from "./real-node";

/** Name of a cluster's real node. */
const NAME = "real-containers";

export interface ContainerNodeOptions {
  /** The cluster's directory. */
  readonly directory: string;
  readonly region: string;
  /** Loopback port of the API server. */
  readonly port: number;
  /** If undefined, nobody asked for a real node. */
  readonly node?: NodeChoice;
  readonly say: (text: string) => void;
}

/** A cluster's real node with its pods: one Node with a real kubelet next to the simulated ones. */
export class ContainerNode {
  private saidEnd = false;

  private constructor(
    private readonly node: RealNode,
    private readonly pods: NodePods,
    private readonly directory: string,
    private readonly say: (text: string) => void,
  ) {}

  /**
   * Starts the cluster's real node, or attaches to it, and places the example application's new pods there. Says whether a real kubelet or kwok
   * serves these pods.
   *
   * @param api as `system:admin`
   * @returns undefined if kwok serves all pods
   */
  static async start(api: Api, config: BootstrapConfig, options: ContainerNodeOptions): Promise<ContainerNode | undefined> {
    const { say, port, region, node: choice } = options;
    if (choice === undefined) return undefined;
    const directory = nodeDirectory(options.directory);
    try {
      if ("problem" in choice) throw new Error(choice.problem);
      const server = {
        port,
        name: "localhost",
        ca: config.controlPlane.ca,
        clientCa: config.tls("kube-apiserver-complete-client-ca-bundle.crt"),
      };
      const labels = {
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": `${region}a`,
        "node.kubernetes.io/exclude-from-external-load-balancers": "true",
      };
      const node = await RealNode.start(api, { directory, name: NAME, labels, programs: choice.programs, server, say });
      await placeOnRealNode(api, node.images);
      say(`a real kubelet serves the example application's pods, on the node ${NAME}; kwok serves all other pods`);
      return new ContainerNode(node, new NodePods(api, { directory, node: NAME, say }), directory, say);
    } catch (error) {
      say(`kwok serves all pods: ${error instanceof Error ? error.message : String(error)}`);
      // A node of an earlier start must not attract the pods.
      await placeOnSimulatedNodes(api);
      await stopRealNode(directory);
      await api.send("DELETE", `/api/v1/nodes/${NAME}`).catch(undefinedIfMissing);
      return undefined;
    }
  }

  /** Serves the node's pods. A node that has ended is not started again, because its containers have ended with it. */
  advance(): void {
    if (this.node.isRunning) this.pods.advance();
    else if (!this.saidEnd) {
      this.saidEnd = true;
      this.say(`the real node ${NAME} has ended: see ${join(this.directory, "node.log")}. Its pods do not run any more`);
    }
  }

  /** The loopback port that leads to a pod's first port; undefined for a pod that does not run on the real node. */
  readonly portOf = (uid: string): number | undefined => this.pods.portOf(uid);

  /**
   * The directory of a volume on the real node; undefined for a volume on any other node. The directory is writable for every user, because no
   * security context constraint gives the pod a group.
   */
  readonly volumeOn = (nodeName: string, handle: string): string | undefined => {
    if (nodeName !== NAME) return undefined;
    const path = nodeVolume(this.directory, handle);
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o777);
    return path;
  };

  /** Deletes the content of a volume. */
  readonly forgetVolume = (handle: string): void => {
    rmSync(nodeVolume(this.directory, handle), { recursive: true, force: true });
  };

  /** Closes the connections to the node, which continues to run. */
  close(): void {
    this.pods.close();
    this.node.close();
  }
}

/** Ends the real node of a cluster with all its containers. */
export async function stopContainerNode(directory: string): Promise<void> {
  await stopRealNode(nodeDirectory(directory));
}

function nodeDirectory(directory: string): string {
  return join(directory, "node");
}
