import { rootCaOf } from "../root-ca";
import { type Finding, RESTORE_REMEDY } from "../finding";
import { certificatesIn, subjectOf } from "../../../lib/pem";
import { bootstrapObject, mergedSources, parseIgnition, trustedCas } from "../pointer";
import { evaluatePolicies } from "../policy";
import { type IgnitionEvidence, isPendingOrRunning, instanceLabel, type InstanceEvidence, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import { partitionOf } from "../../../config/partition";

/** EC2's reason code for a termination by the user (EC2 API reference, StateReason). */
const byTheUser = "Client.UserInitiatedShutdown";

/** The remedy for wrong user data: an instance reads its user data only at the first boot, so the instance must be replaced. */
const newMachine = (name: string) =>
  `replace the instance, since user data is read only at the first boot: find its URN with \`pulumi stack --show-urns\`, then run \`pulumi up --replace <URN of ${name}>\``;

/** Checks that the instances run, that their pointer configs are right, and that the bootstrap instance can read its ignition config. */
export function checkIgnition(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const { machines = [], ignition } = evidence;
  const alive = machines.filter(isPendingOrRunning);
  return [
    ...machines.flatMap(notRunning),
    ...alive.flatMap((machine) => (machine.role === "bootstrap" ? bootstrapPointer(machine) : pointer(target, evidence, machine))),
    ...(ignition === undefined ? [] : object(target, ignition)),
  ];
}

function notRunning({ id, name, instance }: InstanceEvidence): Finding[] {
  const { State, StateReason } = instance;
  if (State?.Name !== "stopped" && State?.Name !== "terminated") return [];
  // A termination by a request is not a problem: this program terminates the bootstrap instance after the bootstrap, and other instances when it
  // replaces them.
  if (State.Name === "terminated" && (StateReason?.Code ?? byTheUser) === byTheUser) return [];
  const reason = StateReason?.Message === undefined ? "" : `: ${StateReason.Message}`;
  const problem = `${name} (${id}) is ${State.Name}${reason}`;
  const remedy =
    State.Name === "stopped"
      ? `run \`aws ec2 start-instances --instance-ids ${id}\``
      : "fix the cause that AWS names (such as a volume's KMS key that the account may not use, no capacity, or a quota that is used up), then run `pulumi refresh` and `pulumi up`";
  return [{ layer: "ignition", problem, remedy }];
}

function bootstrapPointer(machine: InstanceEvidence): Finding[] {
  const { userData, name } = machine;
  if (userData === undefined || bootstrapObject(userData) !== undefined) return [];
  // An https URL is accepted, too: it can be a presigned URL, for a network that can't reach S3 by S3's own name.
  if (parseIgnition(userData)?.ignition?.config?.replace?.source?.startsWith("https://") === true) return [];
  const problem = `the user data of ${instanceLabel(machine)} doesn't point to an ignition config in S3`;
  return [{ layer: "ignition", problem, remedy: newMachine(name) }];
}

function pointer(target: DiagnosisTarget, evidence: Evidence, machine: InstanceEvidence): Finding[] {
  const { userData, name, role } = machine;
  if (userData === undefined) return [];
  const remedy = newMachine(name);
  const config = parseIgnition(userData);
  const wanted = `https://api-int.${target.clusterDomain}:22623/config/${role}`;
  const sources = config === undefined ? [] : mergedSources(config);
  if (config === undefined || sources.length === 0) {
    return [{ layer: "ignition", problem: `the user data of ${instanceLabel(machine)} doesn't point to ${wanted}`, remedy }];
  }
  if (!sources.includes(wanted)) {
    return [
      {
        layer: "ignition",
        problem: `the user data of ${instanceLabel(machine)} points to ${sources.join(", ")}, not to ${wanted}`,
        remedy,
      },
    ];
  }
  const root = rootCaOf(target, evidence);
  if (root === undefined) return [];
  const [authority] = certificatesIn(root);
  const trusted = trustedCas(config).flatMap(certificatesIn);
  if (trusted.some(({ fingerprint256 }) => fingerprint256 === authority.fingerprint256)) return [];
  return [
    {
      layer: "ignition",
      problem: `the pointer config of ${instanceLabel(machine)} doesn't trust the root CA that signed the machine config server's certificate`,
      remedy,
      evidence: [
        `the pointer config trusts ${trusted.map(name256).join("; ") || "no CA"}`,
        `the cluster's root CA is ${name256(authority)}`,
      ],
    },
  ];
}

const name256 = (certificate: ReturnType<typeof certificatesIn>[number]) =>
  `${subjectOf(certificate)}, SHA-256 ${certificate.fingerprint256}`;

function object({ region }: DiagnosisTarget, ignition: IgnitionEvidence): Finding[] {
  const { bucket, key, publicBecause, roleArn } = ignition;
  const address = `s3://${bucket}/${key}`;
  const found: Finding[] = [];
  const report = (problem: string, remedy: string = RESTORE_REMEDY) => found.push({ layer: "ignition", problem, remedy });
  if (ignition.object === null) report(`${address}, the ignition config of the bootstrap instance, doesn't exist`);
  else if (ignition.object !== undefined && parseIgnition(ignition.object) === undefined) report(`${address} is not an ignition config`);
  if (publicBecause !== undefined) {
    report(
      `${address} contains the cluster's keys, and everyone can read it because of ${publicBecause}`,
      "block public access to the bucket, destroy this cluster and install a new one: others may have its keys",
    );
  }
  if (roleArn === null) report("the bootstrap instance has no role, so it can't read its ignition config from S3");
  if (typeof roleArn !== "string" || ignition.policies === undefined) return found;
  const resource = `arn:${partitionOf(region).name}:s3:::${bucket}/${key}`;
  const result = evaluatePolicies({ roleArn, action: "s3:GetObject", resource }, ignition.policies);
  if (!result.allowed) {
    const role = roleArn.split("/").at(-1) ?? roleArn;
    report(
      result.deniedBy === undefined
        ? `no policy of role ${role} allows s3:GetObject on ${resource}, so the bootstrap instance can't read its ignition config`
        : `${result.deniedBy} denies role ${role} s3:GetObject on ${resource}, so the bootstrap instance can't read its ignition config`,
    );
  }
  return found;
}
