import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultKind } from "../../../sandbox/aws/faults";
import { type Phase, phases } from "./units";

/** How a phase of a run ended: at once, after messages that said what to do, or in a way that it should not have. */
export type Outcome = "passed" | "passed after a message" | "failed";

/** One phase of one run. */
export interface Entry {
  readonly run: string;
  readonly phase: Phase;
  readonly outcome: Outcome;
  /** How often the command was run. */
  readonly commands: number;
  readonly seconds: number;
  readonly calls: number;
  /** Calls that met a fault, by fault and action. */
  readonly met: readonly { readonly fault: FaultKind; readonly action: string }[];
  readonly orphans: number;
  readonly lostStates: number;
  /** Why the commands before the last one failed: the last lines of each, from "Fix:" on if there is one. */
  readonly messages: readonly string[];
  readonly failure?: string;
}

/** The figures of a campaign. They are written after each phase, so that a campaign that is interrupted leaves those of the phases that ended. */
export class Report {
  readonly entries: Entry[] = [];
  private readonly actions = new Map<Phase, readonly string[]>();

  /** @param directory gets `bad-day.json` and `bad-day.md`. */
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** The units of a phase: the actions that an undisturbed run calls. */
  setUnits(phase: Phase, actions: readonly string[]): void {
    this.actions.set(phase, actions);
  }

  /** Says how far a phase with many commands is. */
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

  /** As Markdown: the sums of each run, and which unit met which fault. */
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
