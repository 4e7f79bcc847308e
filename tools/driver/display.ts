import type { ProgressEvent, PhaseProgress } from "./progress";
import { resourceName } from "../../lib/pulumi/urn";

/** The stream that a display writes to; a terminal also has its width in columns. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Shows the progress of a run. */
export interface Display {
  /** Prints one line with the elapsed time. */
  say(text: string, elapsedMs: number): void;
  /** Shows new events and the state of all phases. */
  show(progressEvents: readonly ProgressEvent[], phases: readonly PhaseProgress[], elapsedMs: number): void;
  /** Leaves the last state of the phases on the screen. */
  end(): void;
}

/** One line per event, for logs. */
export function plainDisplay(screen: Screen): Display {
  const line = (text: string, elapsedMs: number): void => void screen.write(`[${durationText(elapsedMs).padStart(7)}] ${text}\n`);
  return {
    say: line,
    show(progressEvents, _phases, elapsedMs) {
      for (const event of progressEvents) {
        if (event.event === "phase-started") line(event.phase, elapsedMs);
        if (event.event === "phase-ended") line(`${event.phase}: ${result(event)} in ${durationText(event.elapsedMs)}`, elapsedMs);
        if (event.event === "resource" && event.status === "failed") line(`${resourceName(event.urn)} failed`, elapsedMs);
      }
    },
    end: () => undefined,
  };
}

/** One line per phase, redrawn in place. */
export function liveDisplay(screen: Screen): Display {
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) screen.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  return {
    say(text, elapsedMs) {
      clear();
      screen.write(`[${durationText(elapsedMs).padStart(7)}] ${text}\n`);
    },
    show(_progressEvents, phases, elapsedMs) {
      clear();
      const lines = phases.map((phase) => phaseLine(phase, elapsedMs).slice(0, (screen.columns ?? 80) - 1));
      screen.write(lines.map((text) => `${text}\n`).join(""));
      drawn = lines.length;
    },
    end() {
      drawn = 0;
    },
  };
}

/** One JSON object per line, for programs. */
export function jsonDisplay(screen: Screen): Display {
  const write = (event: object, elapsedMs: number): void => void screen.write(`${JSON.stringify({ atMs: elapsedMs, ...event })}\n`);
  return {
    say(message, elapsedMs) {
      write({ event: "message", message }, elapsedMs);
    },
    show(progressEvents, _phases, elapsedMs) {
      for (const event of progressEvents) write(event, elapsedMs);
    },
    end: () => undefined,
  };
}

/** A phase as one line: its state, the changes made and planned, the time it took, and the resources that are being changed. */
export function phaseLine({ phase, started, ended, planned, done, failed, running }: PhaseProgress, elapsedMs: number): string {
  const mark = failed > 0 ? "failed" : ended === undefined ? "..." : "done";
  const count = planned === undefined ? String(done) : `${done}/${Math.max(planned, done)}`;
  const names = [...running];
  const at = names.slice(0, 2).join(", ") + (names.length > 2 ? ` and ${names.length - 2} more` : "");
  return `${mark.padEnd(7)}${phase.padEnd(15)}${count.padStart(9)} ${durationText((ended ?? elapsedMs) - started).padStart(7)}  ${at}`.trimEnd();
}

/** A duration in seconds, from one minute on in minutes and seconds: `59s`, `2m05s`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

function result({ changes, failed }: { readonly changes: number; readonly failed: number }): string {
  return failed === 0 ? `${changes} ${changes === 1 ? "change" : "changes"}` : `${failed} failed, ${changes} done`;
}
