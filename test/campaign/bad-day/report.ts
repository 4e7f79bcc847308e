import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultKind } from "@okd-aws/sandbox/aws";
import { type Phase, phases } from "./units";

/** The end of a phase: success at once, success after messages that named the fix, or any other end. */
export type Outcome = "passed" | "passed after a message" | "failed";

/** One phase of one run. */
export interface Entry {
  readonly run: string;
  readonly phase: Phase;
  readonly outcome: Outcome;
  /** The number of times that the command ran. */
  readonly commands: number;
  readonly seconds: number;
  readonly calls: number;
  /** Calls that met a fault, by fault and action. */
  readonly met: readonly { readonly fault: FaultKind; readonly action: string }[];
  readonly orphans: number;
  readonly lostStates: number;
  /** The reason why each command before the last one failed: the end of its output, from "Fix:" on if the output contains it. */
  readonly messages: readonly string[];
  readonly failure?: string;
}

/** The figures of a campaign. They are written after each phase, so an interrupted campaign keeps the figures of its completed phases. */
export class Report {
  readonly entries: Entry[] = [];
  private readonly actions = new Map<Phase, readonly string[]>();

  /** @param directory directory for `bad-day.json` and `bad-day.md` */
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** The AWS API actions that a phase calls in a run without faults. */
  setActions(phase: Phase, actions: readonly string[]): void {
    this.actions.set(phase, actions);
  }

  /** Reports the progress of a phase with many commands. */
  progress(run: string, phase: Phase, done: string): void {
    process.stderr.write(`${run}, ${phase}: ${done}\n`);
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    const { run, phase, outcome, seconds, met, messages } = entry;
    const said = messages.map((message) => `  ${message.replaceAll("\n", "\n  ")}\n`).join("");
    process.stderr.write(`${run}, ${phase}: ${outcome}, ${met.length} faults in ${duration(seconds)}\n${said}`);
    writeFileSync(join(this.directory, "bad-day.json"), JSON.stringify(this.entries, undefined, 1));
    writeFileSync(join(this.directory, "bad-day.md"), `${this.markdown()}\n`);
  }

  /** As Markdown: the totals of each run, and the faults of each API action. */
  markdown(): string {
    return [this.sums(), ...phases.map((phase) => this.matrix(phase))].join("\n\n");
  }

  private sums(): string {
    const rows = [...new Set(this.entries.map(({ run }) => run))].map((run) => {
      const own = this.entries.filter((entry) => entry.run === run);
      const sum = (of: (entry: Entry) => number): number => own.reduce((total, entry) => total + of(entry), 0);
      const outcomes = own.map(({ phase, outcome }) => `${phase}: ${outcome}`).join(", ");
      const figures = [sum(({ calls }) => calls), sum(({ met }) => met.length), sum(({ commands }) => commands)];
      return [
        run,
        ...figures,
        outcomes,
        sum(({ orphans }) => orphans),
        sum(({ lostStates }) => lostStates),
        duration(sum(({ seconds }) => seconds)),
      ];
    });
    return table(["run", "calls", "faults injected", "commands", "outcome", "orphans", "lost states", "time"], rows);
  }

  private matrix(phase: Phase): string {
    const kinds: readonly FaultKind[] = [
      ...["throttling", "server-error", "reset", "lost-answer", "slow", "hang", "not-found"],
      ...["scp", "expired", "quota", "capacity"],
    ] as FaultKind[];
    const met = this.entries.filter((entry) => entry.phase === phase).flatMap((entry) => entry.met);
    const count = (action: string, fault: FaultKind): string =>
      String(met.filter((each) => each.action === action && each.fault === fault).length || "");
    const rows = (this.actions.get(phase) ?? []).map((action) => [`\`${action}\``, ...kinds.map((kind) => count(action, kind))]);
    return `### ${phase}: ${rows.length} units\n\n${table(["unit", ...kinds], rows)}`;
  }
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
