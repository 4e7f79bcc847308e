import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { create } from "tar";
import { withScratchDirectory } from "../../lib/scratch-directory";
import { reasonOf } from "../../lib/reason";
import { type Investigation, investigate } from "./diagnose";
import { consoleOutputs } from "./archive/console";
import { bootstrapLogs } from "./archive/bootstrap-logs";
import { clusterObjects } from "./archive/cluster-objects";
import { dnsAnswers } from "./archive/dns-answers";
import type { ArchiveFiles } from "./archive/files";
import { findingsText } from "./finding";
import type { Evidence } from "./evidence";
import { fingerprint, redactor } from "./redact";
import type { DiagnosisTarget } from "./target";

export interface GatherOptions {
  /** An existing diagnosis, so that no evidence is read twice. Without it `gather` makes a new diagnosis. */
  readonly investigation?: Investigation;
}

/**
 * Writes the evidence of a failed installation to `<directory>/<clusterName>-<time>.tar.gz`, which only its owner can read: the findings, the state
 * in AWS and in the cluster, each instance's console output, DNS answers, and the bootstrap instance's logs. There are no secrets in it: user data,
 * ignition configs and Secrets are left out, and every text is searched for secrets. A part that could not be gathered is replaced by a note with
 * the reason.
 *
 * @returns the archive's path.
 * @throws Error if the directory can't be written to.
 */
export async function gather(target: DiagnosisTarget, directory: string, options: GatherOptions = {}): Promise<string> {
  await mkdir(directory, { recursive: true });
  const { evidence, findings } = options.investigation ?? (await investigate(target));
  const parts = await Promise.all([
    part("console.txt", () => consoleOutputs(target, evidence)),
    part("dns.json", () => dnsAnswers(target, evidence)),
    part("cluster.txt", () => clusterObjects(target)),
    part("bootstrap.txt", () => bootstrapLogs(target, evidence)),
  ]);
  const files: ArchiveFiles = {
    "findings.txt": findingsText(findings),
    "findings.json": toJson(findings),
    "aws.json": toJson(withoutSecrets(evidence)),
    "target-health.json": toJson(targetHealth(evidence)),
    ...parts.reduce((all, each) => ({ ...all, ...each }), {}),
  };
  const redact = redactor(target);
  const time = evidence.at.toISOString().replace(/[:.]/g, "-");
  const name = `${target.clusterDomain.split(".")[0] ?? target.infraId}-${time}`;
  return pack(resolve(directory, `${name}.tar.gz`), name, mapValues(files, redact));
}

/** One part of the evidence, or a note with the reason why it is missing. */
async function part(note: string, collect: () => Promise<ArchiveFiles>): Promise<ArchiveFiles> {
  try {
    return await collect();
  } catch (error) {
    return { [note]: `This could not be gathered: ${reasonOf(error)}\n` };
  }
}

/** The evidence without secrets: user data and the ignition config are replaced by their fingerprints. */
function withoutSecrets(evidence: Evidence) {
  const { at, unanswered, network, balancing, dns, machines = [], ignition, installerHost, refused } = evidence;
  return {
    ...{ at, unanswered, network, balancing, dns, installerHost, refused },
    machines: machines.map(({ userData, ...machine }) => ({
      ...machine,
      ...(userData !== undefined && { userData: fingerprint(userData) }),
    })),
    ...(ignition && { ignition: { ...ignition, object: ignition.object ? fingerprint(ignition.object) : ignition.object } }),
  };
}

function targetHealth({ balancing }: Evidence) {
  return mapValues(balancing.targets, (targets) => targets?.health ?? null);
}

async function pack(archive: string, name: string, evidence: ArchiveFiles): Promise<string> {
  return withScratchDirectory("evidence", async (scratch) => {
    for (const [path, content] of Object.entries(evidence)) {
      const file = join(scratch, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode: 0o600 });
    }
    // The mode is set before the content is written, so that nobody else can open the file in between.
    await writeFile(archive, "", { mode: 0o600 });
    await chmod(archive, 0o600);
    await create({ gzip: true, file: archive, cwd: scratch, portable: true }, [name]);
    return archive;
  });
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function mapValues<From, To>(from: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
