import type { Reason } from "../../certificate-approver/request";
import { type HostHealth, reasonOfService } from "../../../ignition/installer-host/health";
import { type Finding, oneLine } from "../finding";
import { label as labelOfMachine, type Reading, type RefusedRequest } from "../reading";
import type { Subject } from "../subject";
import { label, runs } from "./registry";

/** Milliseconds after which a refusal is told: EC2 may not know a new machine at once, and the approver looks again every 30 seconds. */
const refusalTime = 2 * 60_000;

/** What to do about a request that is refused; for every other reason the request itself is odd. */
const remedies: Readonly<Partial<Record<Reason, string>>> = {
  MachineTooOld:
    "replace the machine (`pulumi up --replace <its URN>`), or, if you trust it, approve its request by hand: `oc adm certificate approve <request>`",
  NodeExists:
    "if the machine lost its certificate, delete its node (`oc delete node <node>`), or approve the request by hand: `oc adm certificate approve <request>`",
  NoSuchMachine:
    "compare the name with `aws ec2 describe-instances` and the domain with the VPC's DHCP options; a node that got its name before the options were changed is found again when they name its domain, too",
  MachineNotRunning: "wait until the machine runs, or start it",
};
const oddRequest =
  "read the request (`oc get csr <request> -o yaml`): a kubelet of this cluster doesn't ask like this; if you trust it, `oc adm certificate approve <request>` approves it";

/** The installer host's certificate approver works, and refuses nothing that waits. */
export function checkApprover(subject: Subject, reading: Reading): Finding[] {
  if (!subject.hasApprover) return [];
  return [...atWork(subject, reading), ...refusals(reading)];
}

function atWork({ infraId, needsRegistry }: Subject, { installerHost, cluster }: Reading): Finding[] {
  const { host, health } = installerHost ?? {};
  // Where the registry is needed, the layer below tells of the host.
  if (host === undefined || (needsRegistry && (host === null || !runs(host)))) return [];
  const consequence = "so nobody approves the certificate requests of new machines";
  if (host === null) {
    const remedy = "run `pulumi up`, which makes it again";
    return [finding(`there is no installer host ${infraId}-installer-host, ${consequence}`, remedy)];
  }
  if (!runs(host)) {
    const remedy = `run \`aws ec2 start-instances --instance-ids ${host.InstanceId ?? ""}\`, or \`pulumi up\`, which makes it again`;
    return [finding(`${label(host)} is ${host.State?.Name ?? "in no state"}, ${consequence}`, remedy)];
  }
  const reason = health?.instanceId === host.InstanceId ? reasonOfService(health as HostHealth, "certificate-approver") : undefined;
  // Without an API there is nothing that the approver could reach.
  const apiAnswers = cluster !== undefined && "status" in cluster.readyz && cluster.readyz.status === 200;
  if (reason === undefined || (/cluster's API/.test(reason) && !apiAnswers)) return [];
  return [
    finding(
      `${label(host)} says since ${health?.time ?? ""}: ${oneLine(reason)}`,
      "see that the host reaches the cluster's API on port 6443 and EC2, and that its role allows ec2:DescribeInstances, ec2:DescribeVpcs and ec2:DescribeDhcpOptions; the approver tries again by itself",
    ),
  ];
}

/** One finding for each reason. */
function refusals({ refused = [], machines = [], at }: Reading): Finding[] {
  const old = refused.filter(({ created }) => !(at.getTime() - created < refusalTime));
  return [...new Set(old.map(({ reason }) => reason))].map((reason) => {
    const requests = old.filter((each) => each.reason === reason);
    const [first] = requests;
    const what = requests.length === 1 ? "the certificate request" : `${requests.length} certificate requests, such as`;
    const message = machines.reduce((text, machine) => text.replaceAll(machine.id, labelOfMachine(machine)), first.message);
    return {
      ...finding(
        `the certificate approver refuses ${what} ${first.name} (${reason}): ${oneLine(message)}`,
        (remedies[reason] ?? oddRequest).replaceAll("<request>", requests.length === 1 ? first.name : "<request>"),
      ),
      ...(requests.length > 1 && { evidence: requests.slice(0, 20).map(told) }),
    };
  });
}

function told({ name, message }: RefusedRequest): string {
  return `${name}: ${oneLine(message)}`;
}

function finding(problem: string, remedy: string): Finding {
  return { layer: "certificate approver", problem, remedy };
}
