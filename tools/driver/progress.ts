import { stripVTControlCharacters } from "node:util";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { type UpdatePhase, phaseOf } from "./phases";
import { resourceName } from "../../lib/pulumi/urn";

/** The progress of a phase. */
export interface PhaseProgress {
  readonly phase: UpdatePhase;
  /** Start in milliseconds since the run began. */
  readonly started: number;
  ended?: number;
  /** Number of changes in the preview; undefined if there was none. */
  readonly planned: number | undefined;
  done: number;
  failed: number;
  /** Names of the resources that are being changed now. */
  readonly running: Set<string>;
}

/** An event of a run; `--json` prints one line for each. */
export type ProgressEvent =
  | {
      readonly event: "phase-started" | "phase-ended";
      readonly phase: UpdatePhase;
      readonly elapsedMs: number;
      readonly changes: number;
      readonly failed: number;
    }
  | {
      readonly event: "resource";
      readonly phase: UpdatePhase;
      readonly op: string;
      readonly urn: string;
      readonly status: "running" | "done" | "failed";
    }
  | { readonly event: "error"; readonly urn?: string; readonly message: string };

/** Operations that change nothing, or whose parts (create, delete) are reported separately. */
const UNCOUNTED_OPERATIONS = new Set(["same", "read", "replace", "refresh", "discard", "discard-replaced", "remove-pending-replace"]);

/** Whether a step changes a resource. */
export function isChange({ op, type }: StepEventMetadata): boolean {
  return !UNCOUNTED_OPERATIONS.has(op) && !type.startsWith("pulumi:");
}

/** The number of changes per phase in a preview's events. */
export function plannedChangesByPhase(events: readonly EngineEvent[]): Map<UpdatePhase, number> {
  const counts = new Map<UpdatePhase, number>();
  for (const { resourcePreEvent } of events) {
    if (resourcePreEvent === undefined || !isChange(resourcePreEvent.metadata)) continue;
    const phase = phaseOf(resourcePreEvent.metadata.urn);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}

/** An error that the Pulumi engine reported. */
export interface EngineFailure {
  readonly urn?: string;
  readonly message: string;
}

/**
 * Whether an error only repeats another one: the Pulumi engine's last line ("update failed"), or a line of a provider's log that the Terraform bridge
 * writes in addition to the error ("sdk-v2/provider2.go:572: sdk.helper_schema: …", pulumi/pulumi-terraform-bridge, `pkg/tfshim/sdk-v2/provider2.go`).
 */
function isRepetition({ urn, message }: EngineFailure, all: readonly EngineFailure[]): boolean {
  const others = all.filter((each) => each.message !== message);
  if (urn === undefined || urn.includes("pulumi:pulumi:Stack"))
    return /^(update|preview|destroy) failed$/.test(message) && others.length > 0;
  return /^[\w./-]+\.go:\d+: /.test(message) && others.some((each) => each.urn === urn && !/^[\w./-]+\.go:\d+: /.test(each.message));
}

/** The failures, without failures that only repeat another failure. */
export function withoutRepetitions(failures: readonly EngineFailure[]): EngineFailure[] {
  return failures.filter((failure) => !isRepetition(failure, failures));
}

/** Turns the Pulumi engine's events into phases with their progress. */
export class UpdateProgress {
  readonly phases: PhaseProgress[] = [];
  private readonly errors = new Map<string, EngineFailure>();

  /**
   * @param planned number of changes per phase in the preview; empty if there was none.
   * @param now returns the milliseconds since the run began.
   */
  constructor(
    private readonly planned: ReadonlyMap<UpdatePhase, number>,
    private readonly now: () => number,
  ) {}

  /** Each error once, in the Pulumi engine's order, without repetitions. */
  get failures(): EngineFailure[] {
    return withoutRepetitions([...this.errors.values()]);
  }

  /** Processes one event of an update and returns the events to show. */
  observe({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent }: EngineEvent): ProgressEvent[] {
    if (resourcePreEvent !== undefined) return this.step(resourcePreEvent.metadata, "running");
    if (resOutputsEvent !== undefined) return this.step(resOutputsEvent.metadata, "done");
    if (resOpFailedEvent !== undefined) return this.step(resOpFailedEvent.metadata, "failed");
    if (policyEvent?.enforcementLevel === "mandatory") {
      return this.error(policyEvent.resourceUrn, `refused by the policy ${policyEvent.policyName}: ${plainText(policyEvent.message)}`);
    }
    if (diagnosticEvent?.severity !== "error") return [];
    return this.error(diagnosticEvent.urn, plainText(diagnosticEvent.message));
  }

  /** Records an error and returns its event; returns nothing if the same error was recorded before. */
  private error(urn: string | undefined, message: string): ProgressEvent[] {
    const key = `${urn ?? ""} ${message}`;
    if (message === "" || this.errors.has(key)) return [];
    const error = { ...(urn && { urn }), message };
    this.errors.set(key, error);
    return [{ event: "error", ...error }];
  }

  /**
   * Ends the phases that have not ended yet. Without a preview the number of a phase's changes is unknown, so a phase cannot end at its
   * last change.
   */
  end(): ProgressEvent[] {
    return this.phases.filter(({ ended }) => ended === undefined).map((phase) => this.ended(phase));
  }

  private step(metadata: StepEventMetadata, status: "running" | "done" | "failed"): ProgressEvent[] {
    const { urn, op } = metadata;
    if (!isChange(metadata)) return [];
    const name = phaseOf(urn);
    const progressEvents: ProgressEvent[] = [];
    let phase = this.phases.find((each) => each.phase === name);
    if (phase === undefined) {
      phase = { phase: name, started: this.now(), planned: this.planned.get(name), done: 0, failed: 0, running: new Set() };
      this.phases.push(phase);
      progressEvents.push({ event: "phase-started", phase: name, elapsedMs: phase.started, changes: phase.planned ?? 0, failed: 0 });
    }
    progressEvents.push({ event: "resource", phase: name, op, urn, status });
    if (status === "running") {
      phase.running.add(resourceName(urn));
      delete phase.ended; // The phase goes on: it has more changes than the preview had.
      return progressEvents;
    }
    phase.running.delete(resourceName(urn));
    phase[status] += 1;
    if (phase.planned !== undefined && phase.running.size === 0 && phase.done + phase.failed >= phase.planned)
      progressEvents.push(this.ended(phase));
    return progressEvents;
  }

  private ended(phase: PhaseProgress): ProgressEvent {
    phase.ended = this.now();
    const { done, failed } = phase;
    return { event: "phase-ended", phase: phase.phase, elapsedMs: phase.ended - phase.started, changes: done, failed };
  }
}

/** A text of the Pulumi engine without its colour marks (`<{%fg 1%}>`) and without escape sequences. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replace(/<\{%[^%<]{0,40}%\}>/g, "")).trim();
}
