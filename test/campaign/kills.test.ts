import { describeWithTools } from "../engine/requirements";
import { normalized } from "./normalized";
import { Site } from "./site";

/** The killed processes: the Pulumi engine, the driver above the Pulumi engine, or everything that `make up` started, as in a crash of the machine. */
type Victim = "engine" | "driver" | "everything";

/** A point at which `make up` is killed. */
interface Moment {
  readonly phase: string;
  readonly victim: Victim;
  /** Whether the point is reached, judging by the run's output, its processes, and the calls to AWS since the run began. */
  readonly hasCome: (seen: { readonly printed: string; readonly commands: string; readonly calls: string }) => boolean;
}

const moments: readonly Moment[] = [
  { phase: "before the infrastructure is created", victim: "everything", hasCome: ({ printed }) => /\d+ to create/.test(printed) },
  { phase: "while the network is created", victim: "engine", hasCome: ({ calls }) => calls.includes(':CreateSubnet"') },
  { phase: "while the load balancers are created", victim: "driver", hasCome: ({ calls }) => calls.includes(':CreateLoadBalancer"') },
  { phase: "while the instances are created", victim: "everything", hasCome: ({ calls }) => calls.split(':RunInstances"').length > 3 },
  {
    phase: "while it waits for the bootstrap",
    victim: "engine",
    hasCome: ({ commands }) => commands.includes("wait-for bootstrap-complete"),
  },
  {
    phase: "during the bootstrap destroy",
    victim: "everything",
    hasCome: ({ calls }) => /:PutParameter".*bootstrap-destroyed/.test(calls),
  },
  {
    phase: "while it waits for the installation",
    victim: "driver",
    hasCome: ({ commands }) => commands.includes("wait-for install-complete"),
  },
];

/** Kills `make up` with SIGKILL at each point, and starts it again after each kill. */
describeWithTools("an installation that is killed in each phase", () => {
  let site: Site;
  let undisturbed: ReturnType<typeof normalized>;
  const figures: string[] = [];

  beforeAll(async () => {
    site = await Site.open();
    const { seconds } = await site.makeOk("up");
    const { infraId } = await site.outputs();
    undisturbed = normalized(await site.inventory(), String(infraId));
    const { seconds: down } = await site.makeOk("destroy");
    figures.push(`undisturbed: up ${seconds.toFixed(0)} s, destroy ${down.toFixed(0)} s`);
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    await site.close();
  }, 120_000);

  test("leaves nothing in the account when it is destroyed without having been killed", async () => {
    expect(await site.inventory()).toEqual(site.sandbox.baseline());
  });

  test.each(moments)("ends make up with an error when it is killed $phase (killed: $victim)", async ({ phase, victim, hasCome }) => {
    const before = site.calls().length;
    let killed = 0;
    const { code, text, seconds } = await site.make(`up STACK=${Site.stack} YES=1`, (printed, run) => {
      const processes = site.processes(run);
      const commands = processes.map(({ command }) => command).join("\n");
      if (!hasCome({ printed, commands, calls: site.calls().slice(before) })) return false;
      const doomed = processes.filter(({ command }) => isVictim(victim, command));
      for (const { pid } of doomed) process.kill(pid, "SIGKILL");
      killed = doomed.length;
      return killed > 0;
    });
    if (killed === 0 || code === 0)
      throw new Error(`${killed} processes were killed ${phase}, and make ended with exit code ${code}:\n${text}`);
    figures.push(`${phase}: ${killed} processes (${victim}) killed after ${seconds.toFixed(0)} s`);
  });

  test("ends, after one more make up, with the same resources as an installation that was not killed", async () => {
    const { text, seconds } = await site.makeOk("up");
    figures.push(`the last up: ${seconds.toFixed(0)} s`);
    expect(text).toMatch(/killed|its driver was killed/);
    const { infraId } = await site.outputs();
    expect(normalized(await site.inventory(), String(infraId))).toEqual(undisturbed);
    const { code, stdout, stderr } = await site.pulumi(["preview", "--expect-no-changes"]);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);
  });

  test("leaves no orphan when it is destroyed", async () => {
    await site.makeOk("destroy");
    expect(await site.inventory()).toEqual(site.sandbox.baseline());
  });
});

function isVictim(victim: Victim, command: string): boolean {
  if (victim === "engine") return /(^|\/)pulumi (up|preview) /.test(command);
  return victim === "everything" || command.includes("tools/driver/cli.ts");
}
