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
import type { Evidence } from "./archive/files";
import { describe } from "./finding";
import type { Reading } from "./evidence";
import { fingerprint, redactor } from "./redact";
import type { Subject } from "./target";

export interface GatherOptions {
  /** A diagnosis that was made already, so that nothing is read twice; without it `gather` makes one. */
  readonly investigation?: Investigation;
}

/**
 * Writes the evidence of a failed installation to `<directory>/<clusterName>-<time>.tar.gz`, which only its owner can read: the results, the state in AWS and
 * in the cluster, each instance's console output, DNS answers, and the bootstrap instance's logs. There are no secrets in it: user data, ignition configs and
 * Secrets are left out, and every text is searched for secrets. A part that could not be gathered is replaced by a note with the reason.
 *
 * @returns the archive's path.
 * @throws Error if the directory can't be written to.
 */
export async function gather(subject: Subject, directory: string, options: GatherOptions = {}): Promise<string> {
  await mkdir(directory, { recursive: true });
  const { reading, findings } = options.investigation ?? (await investigate(subject));
  const parts = await Promise.all([
    part("console.txt", () => consoleOutputs(subject, reading)),
    part("dns.json", () => dnsAnswers(subject, reading)),
    part("cluster.txt", () => clusterObjects(subject)),
    part("bootstrap.txt", () => bootstrapLogs(subject, reading)),
  ]);
  const evidence: Evidence = {
    "findings.txt": describe(findings),
    "findings.json": toJson(findings),
    "aws.json": toJson(withoutSecrets(reading)),
    "target-health.json": toJson(targetHealth(reading)),
    ...parts.reduce((all, each) => ({ ...all, ...each }), {}),
  };
  const redact = redactor(subject);
  const time = reading.at.toISOString().replace(/[:.]/g, "-");
  const name = `${subject.clusterDomain.split(".")[0] ?? subject.infraId}-${time}`;
  return pack(resolve(directory, `${name}.tar.gz`), name, mapValues(evidence, redact));
}

/** One part of the evidence, or a note with the reason why it is missing. */
async function part(note: string, collect: () => Promise<Evidence>): Promise<Evidence> {
  try {
    return await collect();
  } catch (error) {
    return { [note]: `This could not be gathered: ${reasonOf(error)}\n` };
  }
}

/** The evidence without secrets: user data and the ignition config are replaced by their fingerprints. */
function withoutSecrets(reading: Reading) {
  const { at, unanswered, network, balancing, dns, machines = [], ignition, installerHost, refused } = reading;
  return {
    ...{ at, unanswered, network, balancing, dns, installerHost, refused },
    machines: machines.map(({ userData, ...machine }) => ({
      ...machine,
      ...(userData !== undefined && { userData: fingerprint(userData) }),
    })),
    ...(ignition && { ignition: { ...ignition, object: ignition.object ? fingerprint(ignition.object) : ignition.object } }),
  };
}

function targetHealth({ balancing }: Reading) {
  return mapValues(balancing.targets, (targets) => targets?.health ?? null);
}

async function pack(archive: string, name: string, evidence: Evidence): Promise<string> {
  return withScratchDirectory("evidence", async (scratch) => {
    for (const [path, content] of Object.entries(evidence)) {
      const file = join(scratch, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode: 0o600 });
    }
    // Set the mode before writing the content, so that nobody else can open the file in between.
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
