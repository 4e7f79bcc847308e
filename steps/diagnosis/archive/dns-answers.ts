import { Resolver } from "node:dns/promises";
import { reasonOf } from "../../../lib/reason";
import type { Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";
import type { ArchiveFiles } from "./files";

/** Milliseconds per attempt; the resolver makes two attempts. */
const attemptTimeoutMs = 3_000;

/** The answers of this computer's resolver for the cluster's names and for the load balancers to which they should point. */
export async function dnsAnswers({ clusterDomain, baseDomain }: DiagnosisTarget, { balancing }: Evidence): Promise<ArchiveFiles> {
  const resolver = new Resolver({ timeout: attemptTimeoutMs, tries: 2 });
  const names = [
    `api.${clusterDomain}`,
    `api-int.${clusterDomain}`,
    `test.apps.${clusterDomain}`,
    ...Object.values(balancing.balancers).flatMap((found) => found?.balancer.DNSName ?? []),
  ];
  const answer = async (question: () => Promise<string[]>) => question().catch(reasonOf);
  const questions = [
    ...names.map((name) => [`${name} A`, () => resolver.resolve4(name)] as const),
    [`${baseDomain} NS`, () => resolver.resolveNs(baseDomain)] as const,
  ];
  const answers = await Promise.all(questions.map(async ([title, question]) => [title, await answer(question)] as const));
  return { "dns.json": `${JSON.stringify({ servers: resolver.getServers(), answers: Object.fromEntries(answers) }, undefined, 2)}\n` };
}
