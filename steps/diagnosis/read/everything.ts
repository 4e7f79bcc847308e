import { Attempts } from "../attempts";
import type { Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { readBalancing } from "./balancing";
import { DiagnosisClients } from "./clients";
import { readCluster } from "./cluster";
import { readDns } from "./dns";
import { readIgnition } from "./ignition";
import { readInstallerHost } from "./installer-host";
import { readMachines } from "./machines";
import { readNetwork } from "./network";
import { refusedRequests } from "./refused-requests";

/**
 * Reads the evidence from AWS, with the environment's credentials, and from the cluster. Requests run in parallel where possible, at most three after one
 * another. No request takes longer than ten seconds, and a failed request does not affect the other requests.
 */
export async function readEverything(target: DiagnosisTarget, at: Date): Promise<Evidence> {
  const attempts = new Attempts();
  const clients = new DiagnosisClients(target.region);
  try {
    const machines = readMachines(target, clients, attempts);
    const network = readNetwork(target, machines, clients, attempts);
    const [machines_, network_, balancing, dns, ignition, installerHost, cluster] = await Promise.all([
      machines,
      network,
      readBalancing(target, clients, attempts),
      readDns(target, network, clients, attempts),
      readIgnition(machines, clients, attempts),
      readInstallerHost(target, clients, attempts),
      target.kubeconfig === undefined ? undefined : readCluster(target.kubeconfig),
    ]);
    const evidence = { at, unanswered: attempts.unanswered, balancing, dns };
    return {
      ...evidence,
      ...(machines_ && { machines: machines_ }),
      ...(network_ && { network: network_ }),
      ...(ignition && { ignition }),
      ...(installerHost && { installerHost }),
      ...(cluster && { cluster, refused: await refusedRequests(target, cluster, machines_, network_, at) }),
    };
  } finally {
    clients.destroy();
  }
}
