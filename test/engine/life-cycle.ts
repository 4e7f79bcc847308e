import { newIn } from "./kinds";
import { describeWithTools } from "./requirements";
import { StandingStack } from "./standing-stack";
import { type StackConfiguration, Topology } from "./topology";

/** A topology to test. */
export interface TopologyCase {
  readonly name: string;
  /** Creates the existing resources of the account, and returns the stack's configuration. */
  readonly prepare: (topology: Topology) => Promise<Preparation> | Preparation;
}

export interface Preparation {
  readonly configuration: StackConfiguration;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Environment variables in addition to those of the sandbox. */
  readonly environment?: NodeJS.ProcessEnv;
}

const MINUTE_MS = 60_000;

/**
 * Brings the stack up, previews and refreshes without changes, runs the topology's own tests, and destroys the stack. Then the account must
 * be as before.
 */
export function describeTopology({ name, prepare }: TopologyCase, whileUp: (standing: () => StandingStack) => void): void {
  describeWithTools(`the topology ${name}`, () => {
    let topology: Topology | undefined;
    let standing: StandingStack | undefined;
    const up = (): StandingStack => {
      if (standing === undefined) throw new Error("the stack did not come up");
      return standing;
    };

    beforeAll(async () => {
      topology = await Topology.open(name);
      const { configuration, secrets, environment = {} } = await prepare(topology);
      topology.environment = environment;
      await topology.configure(configuration, secrets);
    }, 5 * MINUTE_MS);

    afterAll(async () => {
      await topology?.close();
    }, MINUTE_MS);

    test("is created", async () => {
      if (topology === undefined) throw new Error("the sandbox did not open");
      const before = await topology.inventory();
      await topology.up();
      const { infraId } = await topology.outputs();
      standing = new StandingStack(topology, String(infraId), before, await topology.inventory());
    });

    test("has nothing to change afterwards", async () => {
      await up().topology.expectNoChanges();
    });

    test("has no drift in AWS afterwards", async () => {
      await up().topology.expectNoDrift();
    });

    whileUp(up);

    test("is destroyed, and leaves the account as it was", async () => {
      const { topology, before } = up();
      await topology.destroy();
      const after = await topology.inventory();
      expect(newIn(before, after)).toEqual({});
      expect(after).toEqual(before);
      expect((await topology.state()).deployment.resources ?? []).toEqual([]);
    });
  });
}
