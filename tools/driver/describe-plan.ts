import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation";
import type { Preview, StepState, EngineStep } from "../../lib/pulumi/change";
import { costOf } from "../plan/cost";
import { showSummary } from "../plan/show";
import { summarizePlan } from "../plan/summary";
import { isChange } from "./progress";

/** Maximum number of characters of the plan before the question "Go on?". This project's choice: two screens. `make plan` shows the whole plan. */
const MAX_PLAN_CHARACTERS = 4000;

/** A preview as text for the user who must confirm it: the number of changes per operation, their impact, and as many changes as fit on two screens. */
export function describePlan(events: readonly EngineEvent[]): string[] {
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent === undefined ? [] : [resourcePreEvent.metadata]));
  const counts = new Map<string, number>();
  for (const { op } of steps.filter(isChange)) counts.set(op, (counts.get(op) ?? 0) + 1);
  const preview = previewOf(events);
  const cost = costOf(preview, { form: "terminal" });
  const text = showSummary(summarizePlan(preview, { cost: typeof cost === "string" ? undefined : cost }), "terminal", MAX_PLAN_CHARACTERS);
  return [[...counts].map(([op, count]) => `${count} to ${op}`).join(", "), ...text.split("\n").filter((line) => line !== "")];
}

/** Converts the Pulumi engine's events to the form that `pulumi preview --json` prints. */
function previewOf(events: readonly EngineEvent[]): Preview {
  const steps = events.flatMap(({ resourcePreEvent }): EngineStep[] => {
    if (resourcePreEvent === undefined) return [];
    const { op, urn, old, new: next, diffs, keys, detailedDiff } = resourcePreEvent.metadata;
    return [
      {
        op,
        urn,
        ...(old && { oldState: stateOf(old) }),
        ...(next && { newState: stateOf(next) }),
        ...(diffs && { diffReasons: diffs }),
        ...(keys && { replaceReasons: keys }),
        ...(detailedDiff && { detailedDiff }),
      },
    ];
  });
  return { steps };
}

function stateOf({ urn, type, custom, protect, inputs, outputs }: StepEventStateMetadata): StepState {
  return { urn, type, ...(custom !== undefined && { custom }), ...(protect !== undefined && { protect }), inputs, outputs };
}
