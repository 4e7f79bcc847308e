import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation";
import type { Preview, State, Step } from "../plan/change";
import { costOf } from "../plan/cost";
import { showSummary } from "../plan/show";
import { summarize } from "../plan/summary";
import { isChange } from "./progress";

/** Characters of a plan that somebody is asked about; this project's choice: two screens. `make plan` shows all of it. */
const MOST_CHARACTERS = 4000;

/** A preview for whoever has to agree to it: how many of each operation, what that means, and as many of the changes as two screens hold. */
export function describePlan(events: readonly EngineEvent[]): string[] {
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent === undefined ? [] : [resourcePreEvent.metadata]));
  const counts = new Map<string, number>();
  for (const { op } of steps.filter(isChange)) counts.set(op, (counts.get(op) ?? 0) + 1);
  const preview = previewOf(events);
  const cost = costOf(preview, { form: "terminal" });
  const text = showSummary(summarize(preview, { cost: typeof cost === "string" ? undefined : cost }), "terminal", MOST_CHARACTERS);
  return [[...counts].map(([op, count]) => `${count} to ${op}`).join(", "), ...text.split("\n").filter((line) => line !== "")];
}

/** The engine's events in the form in which it prints a preview. */
function previewOf(events: readonly EngineEvent[]): Preview {
  const steps = events.flatMap(({ resourcePreEvent }): Step[] => {
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

function stateOf({ urn, type, custom, protect, inputs, outputs }: StepEventStateMetadata): State {
  return { urn, type, ...(custom !== undefined && { custom }), ...(protect !== undefined && { protect }), inputs, outputs };
}
