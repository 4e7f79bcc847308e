import { type Client, type Fault, formatFault, type RecordedCall, reproduction } from "@okd-aws/sandbox/aws";
import type { Entry, Report } from "./report";
import { type Attempt, BadDaySite, type Contents } from "./site";
import { actionsOf, firstClients, explanations, metFaults, permanentFaults, type Phase, phases } from "./units";

/** The calls and the remaining resources of each phase in a run without faults. */
export interface FaultlessRun {
  readonly actions: ReadonlyMap<Phase, readonly string[]>;
  /** The client that calls each action first. */
  readonly clients: ReadonlyMap<string, Client>;
  readonly contents: ReadonlyMap<Phase, Contents>;
  /** Seconds of all phases. */
  readonly seconds: number;
}

/** Data that the runs of a campaign share. */
export interface Campaign {
  readonly reference: FaultlessRun;
  readonly report: Report;
  /** The only phase with faults; all phases if undefined. Later phases are omitted. */
  readonly only?: Phase | undefined;
  /** The first and the last API action of a phase that get permanent faults, counted from 1 in the order of their first calls. */
  readonly units: readonly [number, number];
}

/**
 * Maximum number of commands in a phase: more than any phase needs. Beyond it, the phase is stuck: the command fails again and again without a new
 * reason.
 */
const MAX_COMMANDS = 300;

/** Runs all phases without a fault. */
export async function undisturbed(report: Report): Promise<FaultlessRun> {
  const actions = new Map<Phase, readonly string[]>();
  const contents = new Map<Phase, Contents>();
  const calls: RecordedCall[] = [];
  let seconds = 0;
  await onSite(async (site) => {
    for (const phase of phases) {
      if (phase === "update") site.changeConfiguration();
      const attempt = await site.attempt(phase, []);
      if (attempt.code !== 0) throw new Error(`${phase} without faults fails:\n${attempt.text}\n${site.simulatorLog().slice(-4000)}`);
      calls.push(...attempt.calls);
      actions.set(phase, actionsOf(attempt.calls));
      report.setActions(phase, actionsOf(attempt.calls));
      contents.set(phase, phase === "destroy" ? {} : await site.contents());
      seconds += attempt.seconds;
      const stateProblems = await site.stateProblems(phase, contents.get(phase) ?? {});
      report.add(entry("undisturbed", phase, [attempt], stateProblems));
      if (stateProblems.length > 0) throw new Error(`${phase} without faults leaves problems:\n${stateProblems.join("\n")}`);
    }
  });
  return { actions, clients: firstClients(calls), contents, seconds };
}

/**
 * Runs all phases with temporary faults. Each phase must succeed. If it fails, its message must name a fix, and the same command must then succeed
 * without the temporary faults.
 */
export async function withPassingFaults(run: string, faultsOf: (phase: Phase) => readonly Fault[], campaign: Campaign): Promise<void> {
  await inPhases(run, campaign, async (site, phase) => {
    const faults = faultsOf(phase);
    const attempts = [await site.attempt(phase, faults)];
    for (let rest = lasting(faults); attempts.at(-1)?.code !== 0 && attempts.length < 6; rest = [])
      attempts.push(await site.attempt(phase, rest));
    const problems = attempts.flatMap((attempt) => (attempt.code === 0 ? [] : unexplained(attempt, faults)));
    return { attempts, faults, problems };
  });
}

/**
 * Runs all phases. All permanent faults of all API actions (units) are declared at the start. A fault is removed as soon as a command has failed
 * because of it and named it, and the command runs again.
 */
export async function withPermanentFaults(campaign: Campaign): Promise<void> {
  const { reference, report, units } = campaign;
  await inPhases("permanent faults", campaign, async (site, phase) => {
    const attempts: Attempt[] = [];
    const problems: string[] = [];
    let armed = permanentFaults(reference.actions.get(phase) ?? [], reference.clients, units);
    while (attempts.length < MAX_COMMANDS) {
      const attempt = await site.attempt(phase, armed);
      attempts.push(attempt);
      if (attempt.code === 0) break;
      const hits = metFaults(armed, attempt.met);
      // If the message names a fault, only named faults are removed. A command may meet two faults and name only one of them, and the approver on
      // the installer host meets faults that do not concern the command.
      const named = hits.filter(({ kind }) => explanations[kind]?.test(attempt.text));
      if (named.length === 0) problems.push(...unexplained(attempt, hits));
      if (hits.length === 0) break;
      const lifted = named.length === 0 ? hits : named;
      armed = armed.filter((fault) => !lifted.includes(fault));
      report.progress(
        "permanent faults",
        phase,
        `${lifted.map(formatFault).join(", ")} after ${Math.round(attempt.seconds)} s; ${armed.length} left`,
      );
    }
    return { attempts, faults: armed, problems };
  });
}

/** The result of a phase, before the account is checked. */
interface Result {
  readonly attempts: readonly Attempt[];
  /** The faults with which a failure can be reproduced: the declared ones or, of permanent faults, the remaining ones. */
  readonly faults: readonly Fault[];
  /** Messages that do not name a fix. */
  readonly problems: readonly string[];
}

async function inPhases(
  run: string,
  { reference, report, only }: Campaign,
  work: (site: BadDaySite, phase: Phase) => Promise<Result>,
): Promise<void> {
  const until = only === undefined ? phases.length : phases.indexOf(only) + 1;
  await onSite(async (site) => {
    for (const phase of phases.slice(0, until)) {
      if (phase === "update") site.changeConfiguration();
      if (only !== undefined && phase !== only) {
        const { code, text } = await site.attempt(phase, []);
        if (code !== 0) throw new Error(`${phase} fails without a fault:\n${text}`);
        continue;
      }
      const { attempts, faults, problems } = await work(site, phase);
      const last = attempts.at(-1);
      const ended = last?.code === 0 ? [] : [`${phase} doesn't end, even without faults:\n${last?.text ?? ""}`];
      const stateProblems = ended.length > 0 ? [] : await site.stateProblems(phase, reference.contents.get(phase) ?? {});
      const all = [...problems, ...ended, ...stateProblems];
      report.add(entry(run, phase, attempts, stateProblems, all));
      if (all.length === 0) continue;
      throw new Error(
        [`${run}, ${phase}:`, ...all, `Reproduce: ${howToReproduce(run, phase, faults)}`, site.simulatorLog().slice(-2000)].join("\n"),
      );
    }
  });
}

async function onSite(work: (site: BadDaySite) => Promise<void>): Promise<void> {
  const site = await BadDaySite.open();
  try {
    await work(site);
  } finally {
    await site.close();
  }
}

function howToReproduce(run: string, phase: Phase, faults: readonly Fault[]): string {
  const command = phase === "destroy" ? "make destroy STACK=dev CONFIRM=dev.okd.example.com" : "make up STACK=dev YES=1";
  return [
    `BAD_DAY='${run} in ${phase}' npx jest -c jest.campaign.config.js test/campaign/bad-day.test.ts`,
    `or by hand, in a shell that has sourced .sandbox/env: ${reproduction(faults)}; ${command}`,
  ].join("\n");
}

/** The met faults for which the message of a failed command names no fix. */
function unexplained({ text, met }: Attempt, faults: readonly Fault[]): string[] {
  const lasting = faults.filter(({ kind }) => explanations[kind] !== undefined && met.some((call) => call.fault === kind));
  const missing = lasting.filter(({ kind }) => !explanations[kind]?.test(text));
  const problems = missing.map((fault) => `the message doesn't say what to do about "${formatFault(fault)}":\n${text.slice(-6000)}`);
  return problems.length > 0 || /^Fix: /m.test(text) ? problems : [`the message doesn't say what to do:\n${text.slice(-6000)}`];
}

const lasting = (faults: readonly Fault[]): Fault[] => faults.filter(({ kind }) => explanations[kind] === undefined);

function entry(
  run: string,
  phase: Phase,
  attempts: readonly Attempt[],
  stateProblems: readonly string[],
  failures: readonly string[] = stateProblems,
): Entry {
  const sum = (of: (attempt: Attempt) => number): number => attempts.reduce((total, attempt) => total + of(attempt), 0);
  return {
    run,
    phase,
    outcome: failures.length > 0 ? "failed" : attempts.length === 1 ? "passed" : "passed after a message",
    commands: attempts.length,
    seconds: sum(({ seconds }) => seconds),
    calls: sum(({ calls }) => calls.length),
    met: attempts.flatMap(({ met }) => met.flatMap(({ fault, action }) => (fault === undefined ? [] : [{ fault, action }]))),
    orphans: stateProblems.filter((problem) => problem.startsWith("orphan")).length,
    lostStates: stateProblems.filter((problem) => /^(missing|lost state)/.test(problem)).length,
    messages: attempts.filter(({ code }) => code !== 0).map(({ text }) => endOf(text)),
    ...(failures.length > 0 && { failure: failures.join("\n") }),
  };
}

/** The end of a failed command's output: the lines before the first "Fix:", and that line. */
function endOf(text: string): string {
  const lines = text.trimEnd().split("\n");
  const fix = lines.findIndex((line) => line.startsWith("Fix: "));
  return (fix < 0 ? lines.slice(-6) : lines.slice(Math.max(0, fix - 5), fix + 1)).join("\n");
}
