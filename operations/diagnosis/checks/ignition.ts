import { rootAuthority } from "../authorities";
import { type Finding, restore } from "../finding";
import { certificatesIn, subjectOf } from "../pem";
import { bootstrapObject, mergedSources, parseIgnition, trustedAuthorities } from "../pointer";
import { evaluate } from "../policy";
import { type IgnitionReading, isAlive, label, type Machine, type Reading } from "../reading";
import type { Subject } from "../subject";
import { partitionOf } from "../../../config/partition";

/** What the user's own shutdown is called (EC2 API reference, StateReason). */
const byTheUser = "Client.UserInitiatedShutdown";

/** User data reads at the first boot only: a changed one takes a new machine. */
const newMachine = (name: string) =>
  `replace the machine, since user data is read at the first boot only: find its URN with \`pulumi stack --show-urns\`, then \`pulumi up --replace <URN of ${name}>\``;

/** Machines run, and find what they boot from (reference, section 6). */
export function checkIgnition(subject: Subject, reading: Reading): Finding[] {
  const { machines = [], ignition } = reading;
  const alive = machines.filter(isAlive);
  return [
    ...machines.flatMap(notRunning),
    ...alive.flatMap((machine) => (machine.role === "bootstrap" ? bootstrapPointer(machine) : pointer(subject, reading, machine))),
    ...(ignition === undefined ? [] : object(subject, ignition)),
  ];
}

function notRunning({ id, name, instance }: Machine): Finding[] {
  const { State, StateReason } = instance;
  if (State?.Name !== "stopped" && State?.Name !== "terminated") return [];
  // The bootstrap machine is retired, and others are replaced, by whoever runs this program.
  if (State.Name === "terminated" && (StateReason?.Code ?? byTheUser) === byTheUser) return [];
  const reason = StateReason?.Message === undefined ? "" : `: ${StateReason.Message}`;
  const problem = `${name} (${id}) is ${State.Name}${reason}`;
  const remedy =
    State.Name === "stopped"
      ? `run \`aws ec2 start-instances --instance-ids ${id}\``
      : "remove the reason that AWS gives (a volume's KMS key that the account may not use, a capacity or a quota that is spent), then run `pulumi refresh` and `pulumi up`";
  return [{ layer: "ignition", problem, remedy }];
}

function bootstrapPointer(machine: Machine): Finding[] {
  const { userData, name } = machine;
  if (userData === undefined || bootstrapObject(userData) !== undefined) return [];
  // A presigned address is the form for networks that don't reach S3 under its own name.
  if (parseIgnition(userData)?.ignition?.config?.replace?.source?.startsWith("https://") === true) return [];
  const problem = `the user data of ${label(machine)} is no pointer to an ignition config in S3`;
  return [{ layer: "ignition", problem, remedy: newMachine(name) }];
}

function pointer(subject: Subject, reading: Reading, machine: Machine): Finding[] {
  const { userData, name, role } = machine;
  if (userData === undefined) return [];
  const remedy = newMachine(name);
  const config = parseIgnition(userData);
  const wanted = `https://api-int.${subject.clusterDomain}:22623/config/${role}`;
  const sources = config === undefined ? [] : mergedSources(config);
  if (config === undefined || sources.length === 0) {
    return [{ layer: "ignition", problem: `the user data of ${label(machine)} is no pointer to ${wanted}`, remedy }];
  }
  if (!sources.includes(wanted)) {
    return [
      { layer: "ignition", problem: `the user data of ${label(machine)} points at ${sources.join(", ")}, and not at ${wanted}`, remedy },
    ];
  }
  const root = rootAuthority(subject, reading);
  if (root === undefined) return [];
  const [authority] = certificatesIn(root);
  const trusted = trustedAuthorities(config).flatMap(certificatesIn);
  if (trusted.some(({ fingerprint256 }) => fingerprint256 === authority.fingerprint256)) return [];
  return [
    {
      layer: "ignition",
      problem: `the pointer of ${label(machine)} doesn't trust the root authority that signed the machine config server's certificate`,
      remedy,
      evidence: [
        `the pointer trusts ${trusted.map(name256).join("; ") || "no authority"}`,
        `the cluster's root authority is ${name256(authority)}`,
      ],
    },
  ];
}

const name256 = (certificate: ReturnType<typeof certificatesIn>[number]) =>
  `${subjectOf(certificate)}, SHA-256 ${certificate.fingerprint256}`;

function object({ region }: Subject, ignition: IgnitionReading): Finding[] {
  const { bucket, key, publicBecause, roleArn } = ignition;
  const address = `s3://${bucket}/${key}`;
  const found: Finding[] = [];
  const report = (problem: string, remedy: string = restore) => found.push({ layer: "ignition", problem, remedy });
  if (ignition.object === null) report(`${address}, which the bootstrap machine boots from, doesn't exist`);
  else if (ignition.object !== undefined && parseIgnition(ignition.object) === undefined) report(`${address} is no ignition config`);
  if (publicBecause !== undefined) {
    report(
      `${address} holds the cluster's keys and everyone can read it, by ${publicBecause}`,
      "close the bucket, destroy this cluster and install a new one: its keys count as known to others",
    );
  }
  if (roleArn === null) report("the bootstrap machine has no role, so it can't read its ignition config from S3");
  if (typeof roleArn !== "string" || ignition.policies === undefined) return found;
  const resource = `arn:${partitionOf(region).name}:s3:::${bucket}/${key}`;
  const verdict = evaluate({ roleArn, action: "s3:GetObject", resource }, ignition.policies);
  if (!verdict.allowed) {
    const role = roleArn.split("/").at(-1) ?? roleArn;
    report(
      verdict.deniedBy === undefined
        ? `no policy of role ${role} allows s3:GetObject on ${resource}, so the bootstrap machine can't read its ignition config`
        : `${verdict.deniedBy} forbids role ${role} s3:GetObject on ${resource}, so the bootstrap machine can't read its ignition config`,
    );
  }
  return found;
}
