import type { Reason } from "../../certificate-approver/request";
import { type PublishedHealth, reasonOfService } from "../../../ignition/installer-host/health";
import { type Finding, oneLine } from "../finding";
import { instanceLabel as labelOfMachine, type Evidence, type RefusedRequest } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { installerHostLabel, isRunningInstance } from "./registry";

/** Milliseconds after which a refused CSR is reported: EC2 may not list a new instance at once, and the approver checks again every 30 seconds. */
const reportAfterMs = 2 * 60_000;

/** Remedies by the reason of the refusal; all other reasons mean that the CSR itself is unusual. */
const remedies: Readonly<Partial<Record<Reason, string>>> = {
  MachineTooOld:
    "replace the instance (`pulumi up --replace <its URN>`), or, if you trust it, approve its CSR by hand: `oc adm certificate approve <request>`",
  NodeExists:
    "if the instance lost its certificate, delete its node (`oc delete node <node>`), or approve the CSR by hand: `oc adm certificate approve <request>`",
  NoSuchMachine:
    "compare the name with `aws ec2 describe-instances`, and the domain with the VPC's DHCP options; if the node got its name before the options were changed, add its domain to them",
  MachineNotRunning: "wait until the instance is running, or start it",
};
const oddRequest =
  "read the CSR (`oc get csr <request> -o yaml`): kubelets of this cluster don't create such CSRs; if you trust it, `oc adm certificate approve <request>` approves it";

/** Checks that the certificate approver on the installer host works and that it refuses no pending CSR. */
export function checkApprover(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  if (!target.hasApprover) return [];
  return [...atWork(target, evidence), ...refusals(evidence)];
}

function atWork({ infraId, needsRegistry }: DiagnosisTarget, { installerHost, cluster }: Evidence): Finding[] {
  const { host, health } = installerHost ?? {};
  // If the registry is needed, its check (`registry.ts`) reports a host that does not run.
  if (host === undefined || (needsRegistry && (host === null || !isRunningInstance(host)))) return [];
  const consequence = "so the CSRs of new instances are not approved";
  if (host === null) {
    const remedy = "run `pulumi up`, which creates it again";
    return [finding(`the installer host ${infraId}-installer-host does not exist, ${consequence}`, remedy)];
  }
  if (!isRunningInstance(host)) {
    const remedy = `run \`aws ec2 start-instances --instance-ids ${host.InstanceId ?? ""}\`, or \`pulumi up\`, which creates it again`;
    return [finding(`${installerHostLabel(host)} is ${host.State?.Name ?? "in an unknown state"}, ${consequence}`, remedy)];
  }
  const reason = health?.instanceId === host.InstanceId ? reasonOfService(health as PublishedHealth, "certificate-approver") : undefined;
  // If the API does not answer, the approver cannot reach it: the layer API reports that.
  const apiAnswers = cluster !== undefined && "status" in cluster.readyz && cluster.readyz.status === 200;
  if (reason === undefined || (/cluster's API/.test(reason) && !apiAnswers)) return [];
  return [
    finding(
      `${installerHostLabel(host)} has reported since ${health?.time ?? ""}: ${oneLine(reason)}`,
      "check that the host reaches EC2 and the cluster's API on port 6443, and that its role allows ec2:DescribeInstances, ec2:DescribeVpcs and ec2:DescribeDhcpOptions; the approver tries again by itself",
    ),
  ];
}

/** One finding per reason. */
function refusals({ refused = [], machines = [], at }: Evidence): Finding[] {
  const old = refused.filter(({ created }) => !(at.getTime() - created < reportAfterMs));
  return [...new Set(old.map(({ reason }) => reason))].map((reason) => {
    const requests = old.filter((each) => each.reason === reason);
    const [first] = requests;
    const what = requests.length === 1 ? "the CSR" : `${requests.length} CSRs, such as`;
    const message = machines.reduce((text, machine) => text.replaceAll(machine.id, labelOfMachine(machine)), first.message);
    return {
      ...finding(
        `the certificate approver refuses ${what} ${first.name} (${reason}): ${oneLine(message)}`,
        (remedies[reason] ?? oddRequest).replaceAll("<request>", requests.length === 1 ? first.name : "<request>"),
      ),
      ...(requests.length > 1 && { evidence: requests.slice(0, 20).map(nameAndMessage) }),
    };
  });
}

function nameAndMessage({ name, message }: RefusedRequest): string {
  return `${name}: ${oneLine(message)}`;
}

function finding(problem: string, remedy: string): Finding {
  return { layer: "certificate approver", problem, remedy };
}
