import { existsSync, statSync } from "node:fs";
import { describeWithTools } from "../engine/requirements";
import { Account } from "./account";
import { type Breakage, breakages, type Victim } from "./breakages";
import { hoursAhead } from "./clock";
import { Site } from "./site";

/** Seconds of `bootstrapTimeout: 1`. */
const timeOut = 60;

/** Seconds from the time-out to the error that the issue allows. */
const limit = 60;

/** Machines, and what is registered of them, which the engine doesn't count among their dependents. */
const machines = [
  "bootstrap-machine",
  "masters-*",
  "workers-*",
  "load-balancers-*-bootstrap",
  "load-balancers-*-master-*",
  "bootstrap-complete",
];

/** A whole installation, broken in one way after the other by calls to AWS, fails each time, and says why. */
describeWithTools("an installation of which one thing is broken", () => {
  let site: Site;
  let account: Account;
  let victim: Victim;
  /** The way back from the breakage before: it is gone only when the next one stands, so that no machine slips through in between. */
  let mend: (() => Promise<unknown>) | undefined;
  const figures: string[] = [];

  beforeAll(async () => {
    site = await Site.open();
    account = Account.open(site.sandbox.aws);
    site.configure("bootstrapTimeout", String(timeOut / 60));
    await site.said("stack", "select", "--create");
    // Everything but the machines, which boot as soon as they are, and what depends on them.
    const { code, stdout, stderr } = await site.update(...machines.flatMap((name) => ["--exclude", `**::${name}`]), "--exclude-dependents");
    if (code !== 0) throw new Error(stdout + stderr);
    const infraId = /"infraId": "([^"]+)"/.exec(await site.said("stack", "export"))?.[1] ?? "";
    const vpcId = await account.vpcId(`${infraId}-vpc`);
    victim = { account, infraId, vpcId, clusterDomain: Site.domain, machineCidr: "10.0.0.0/16" };
  });

  afterAll(async () => {
    console.log(figures.join("\n"));
    account.close();
    await site.close();
  }, 120_000);

  async function failsBecauseOf({ name, cause, damage }: Breakage): Promise<void> {
    const next = await damage(victim);
    if (mend !== undefined) {
      await site.machinesLook();
      await mend();
    }
    mend = next;
    const { code, stdout, stderr, seconds, spans } = await site.update();
    const said = stdout + stderr;
    expect(said).toMatch(cause);
    expect(code).not.toBe(0);
    const archive = /The evidence is in (\S+)/.exec(said)?.[1] ?? "";
    expect([archive, existsSync(archive)]).toEqual([expect.stringContaining(`${site.directory}/gathered/dev-`), true]);
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    const wait = spans.find(({ urn }) => urn.endsWith("::bootstrap-complete"));
    const late = seconds - ((wait?.start ?? NaN) + timeOut);
    figures.push(`${name}: ${late.toFixed(1)} s from the time-out to the error`);
    expect(late).toBeLessThan(limit);
  }

  test.each(breakages)("fails because of $name", failsBecauseOf);

  test("is not gone on with when its certificates have run out", async () => {
    const { code, stdout, stderr } = await site.pulumi(["preview"], hoursAhead(13));
    expect(stdout + stderr).toMatch(
      /the instances began to boot from ignition configs of \S+, whose certificates are valid for 24 hours[^]*make rebuild/,
    );
    expect(code).not.toBe(0);
  });

  test("comes up when everything is mended", async () => {
    await mend?.();
    site.configure("bootstrapTimeout", "10");
    const { code, stdout, stderr, seconds } = await site.update();
    figures.push(`mended: installed after ${seconds.toFixed(1)} s`);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);
    expect(await account.running(`${victim.infraId}-bootstrap`)).toEqual([]);
    expect(await account.running(`${victim.infraId}-master`)).toHaveLength(3);
  });
});
