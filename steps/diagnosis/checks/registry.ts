import type { Instance } from "@aws-sdk/client-ec2";
import { hostIngressRules } from "../../../ignition/installer-host/ingress-rules";
import { type PublishedHealth, otherReasons } from "../../../ignition/installer-host/health";
import { registryHost } from "../../../ignition/installer-host/registry";
import { type Finding, oneLine, RESTORE_REMEDY } from "../finding";
import type { Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { letsIn } from "./security-groups";

/** Checks the installer host's registry, if instances get their images only from there: the host runs, is ready, and can be resolved and reached. */
export function checkRegistry(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const { host, health } = evidence.installerHost ?? {};
  if (!target.needsRegistry || host === undefined) return [];
  if (host === null) {
    return [
      finding(
        `the installer host ${target.infraId}-installer-host does not exist, and the instances get their images only from its registry`,
      ),
    ];
  }
  return [
    ...notRunning(host),
    ...record(target, evidence, host),
    ...closedPortFindings(target, evidence, host),
    ...(health === undefined || !isRunningInstance(host) ? [] : unhealthy(target, host, health)),
  ];
}

export function isRunningInstance({ State }: Instance): boolean {
  return State?.Name === "running";
}

export const installerHostLabel = ({ InstanceId = "" }: Instance) => `installer host ${InstanceId}`;

function notRunning(host: Instance): Finding[] {
  if (isRunningInstance(host)) return [];
  const { InstanceId = "", State, StateReason } = host;
  const reason = StateReason?.Message === undefined ? "" : ` (${StateReason.Message})`;
  const problem = `${installerHostLabel(host)} is ${State?.Name ?? "in an unknown state"}${reason}, and the instances get their images only from its registry`;
  return [finding(problem, State?.Name === "stopped" ? `run \`aws ec2 start-instances --instance-ids ${InstanceId}\`` : RESTORE_REMEDY)];
}

/** Checks the registry's record. With user-managed DNS there is no evidence. If the zone is not associated with the VPC, the layer DNS reports that. */
function record({ clusterDomain }: DiagnosisTarget, { dns }: Evidence, { PrivateIpAddress }: Instance): Finding[] {
  const name = registryHost(clusterDomain);
  const zone = dns.associated?.at(0)?.id;
  const found = dns.records.find((each) => each.zone === zone && each.name === name)?.found;
  if (found === undefined) return [];
  if (found.length === 0) return [finding(`${name}, from which the instances pull images, has no record in private zone ${zone ?? ""}`)];
  const addresses = found.flatMap(({ ResourceRecords = [] }) => ResourceRecords.flatMap(({ Value }) => Value ?? []));
  if (PrivateIpAddress === undefined || addresses.includes(PrivateIpAddress)) return [];
  return [
    finding(`${name} in private zone ${zone ?? ""} points to ${addresses.join(", ")}, not to the installer host ${PrivateIpAddress}`),
  ];
}

/** Checks the ports that instances need. Rules for administrators are not checked. */
function closedPortFindings({ machineCidrs }: DiagnosisTarget, { network }: Evidence, host: Instance): Finding[] {
  const carried = (host.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  const groups = network?.groups?.filter(({ GroupId = "" }) => carried.includes(GroupId));
  if (groups === undefined) return [];
  return hostIngressRules
    .filter(({ from }) => from === "machine-network")
    .flatMap(({ port, purpose }) =>
      machineCidrs
        .filter((range) => !groups.some((group) => letsIn(group, { protocol: "tcp", ports: [port, port] }, range, machineCidrs)))
        .map((range) =>
          finding(`no security group of ${installerHostLabel(host)} (${carried.join(", ")}) allows tcp ${port} from ${range}: ${purpose}`),
        ),
    );
}

function unhealthy({ region }: DiagnosisTarget, host: Instance, health: PublishedHealth | null): Finding[] {
  const { InstanceId = "" } = host;
  if (health?.instanceId !== InstanceId) {
    const console = `aws ec2 get-console-output --latest --instance-id ${InstanceId} --region ${region}`;
    return [
      finding(
        `${installerHostLabel(host)} has not reported whether its registry is ready: it is still starting, or it can't reach S3 or its container images`,
        `read its console output (\`${console}\`) and, on the host, \`journalctl --unit okd-publish-health\``,
      ),
    ];
  }
  const reason = otherReasons("certificate-approver", health);
  if (reason === "") return [];
  const remedy =
    "read that unit's journal on the host, and check that the host reaches AWS and its container images; the unit tries again by itself";
  return [finding(`${installerHostLabel(host)} has reported since ${health.time}: ${oneLine(reason)}`, remedy)];
}

function finding(problem: string, remedy: string = RESTORE_REMEDY): Finding {
  return { layer: "registry", problem, remedy };
}
