import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { dump, load } from "js-yaml";
import { declareFaults, type Fault, formatFault, type RecordedCall, recordedCalls } from "@okd-aws/sandbox/aws";
import { newIn } from "../../engine/kinds";
import { normalized } from "../normalized";
import { Site } from "../site";
import type { Phase } from "./units";

/** One `make` command with faults. */
export interface Attempt {
  readonly code: number | null;
  readonly text: string;
  readonly seconds: number;
  /** The calls of the programs under test. */
  readonly calls: readonly RecordedCall[];
  /** The calls that met a fault. */
  readonly met: readonly RecordedCall[];
}

/** The resources of an account, without random values. */
export type Contents = ReturnType<typeof normalized>;

/** The dev stack in a sandbox whose AWS has faults. */
export class BadDaySite {
  private constructor(private readonly site: Site) {}

  static async open(): Promise<BadDaySite> {
    return new BadDaySite(await Site.open());
  }

  /** Runs a phase's command. The faults are active while it runs. */
  async attempt(phase: Phase, faults: readonly Fault[]): Promise<Attempt> {
    const { aws } = this.site.sandbox;
    const before = this.site.calls().length;
    declareFaults(aws.directory, faults);
    try {
      const { code, text, seconds } = await this.site.make(
        phase === "destroy" ? `destroy STACK=${Site.stack} CONFIRM=${Site.domain}` : `up STACK=${Site.stack} YES=1`,
      );
      const calls = recordedCalls(this.site.calls().slice(before)).filter(({ client }) => client !== "sandbox");
      return { code, text, seconds, calls, met: calls.filter(({ fault }) => fault !== undefined) };
    } finally {
      declareFaults(aws.directory, []);
    }
  }

  /** Changes the configuration for the update: one more worker, another admin CIDR block, and a tag on everything. */
  changeConfiguration(): void {
    const file = join(this.site.directory, "Pulumi.dev.yaml");
    const stack = load(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    Object.assign(stack.config, {
      "okd-aws:workerCount": "4",
      "okd-aws:adminCidrs": ["198.51.100.0/24", "203.0.113.0/24"],
      "okd-aws:tags": { campaign: "bad-day" },
    });
    writeFileSync(file, dump(stack));
  }

  async contents(): Promise<Contents> {
    const { infraId } = await this.site.outputs();
    return normalized(await this.site.inventory(), String(infraId));
  }

  /** Problems after a phase: orphans, missing resources, or a Pulumi state that does not match the account. Empty if there is none. */
  async stateProblems(phase: Phase, expected: Contents): Promise<string[]> {
    if (phase === "destroy") {
      const state = JSON.parse(await this.site.said("stack", "export")) as { deployment: { resources?: unknown[] } };
      const [before, after] = [this.site.sandbox.baseline(), await this.site.inventory()];
      const left = isDeepStrictEqual(after, before) ? [] : [`orphans: ${JSON.stringify(newIn(before, after))}`];
      return (state.deployment.resources ?? []).length === 0 ? left : [...left, "lost state: the state still has resources"];
    }
    const found = differences(expected, await this.contents());
    const { code, stdout } = await this.site.pulumi(["preview", "--expect-no-changes"]);
    return code === 0 ? found : [...found, `lost state: a preview finds changes:\n${stdout.slice(-2000)}`];
  }

  simulatorLog(): string {
    return this.site.simulatorLog();
  }

  close(): Promise<void> {
    return this.site.close();
  }
}

function differences(expected: Contents, found: Contents): string[] {
  return Object.keys({ ...expected, ...found }).flatMap((kind) => {
    const [wanted, there] = [expected[kind] ?? [], found[kind] ?? []];
    const missing = without(wanted, there).map((item) => `missing in ${kind}: ${item}`);
    const orphans = without(there, wanted).map((item) => `orphan in ${kind}: ${item}`);
    return [...missing, ...orphans];
  });
}

/** The elements that one list contains more often than the other. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((item) => {
    const at = rest.indexOf(item);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** Faults in one line, for messages. */
export const inWords = (faults: readonly Fault[]): string => faults.map(formatFault).join("; ");
