import { Attempts } from "../attempts";
import type { Reading } from "../evidence";
import type { Subject } from "../target";
import { readBalancing } from "./balancing";
import { Clients } from "./clients";
import { readCluster } from "./cluster";
import { readDns } from "./dns";
import { readIgnition } from "./ignition";
import { readInstallerHost } from "./installer-host";
import { readMachines } from "./machines";
import { readNetwork } from "./network";
import { refusedRequests } from "./refused-requests";

/**
 * Reads the evidence from AWS, with the environment's credentials, and from the cluster. Requests run in parallel where possible, at most three after one
 * another. No request takes longer than ten seconds, and a failed one does not affect the others.
 */
export async function readEverything(subject: Subject, at: Date): Promise<Reading> {
  const attempts = new Attempts();
  const clients = new Clients(subject.region);
  try {
    const machines = readMachines(subject, clients, attempts);
    const network = readNetwork(subject, machines, clients, attempts);
    const [machines_, network_, balancing, dns, ignition, installerHost, cluster] = await Promise.all([
      machines,
      network,
      readBalancing(subject, clients, attempts),
      readDns(subject, network, clients, attempts),
      readIgnition(machines, clients, attempts),
      readInstallerHost(subject, clients, attempts),
      subject.kubeconfig === undefined ? undefined : readCluster(subject.kubeconfig),
    ]);
    const reading = { at, unanswered: attempts.unanswered, balancing, dns };
    return {
      ...reading,
      ...(machines_ && { machines: machines_ }),
      ...(network_ && { network: network_ }),
      ...(ignition && { ignition }),
      ...(installerHost && { installerHost }),
      ...(cluster && { cluster, refused: await refusedRequests(subject, cluster, machines_, network_, at) }),
    };
  } finally {
    clients.destroy();
  }
}
