import { existsSync, statSync } from "node:fs";
import { describeWithTools } from "../engine/requirements";
import { Account } from "./account";
import { type Breakage, breakages, type Victim } from "./breakages";
import { hoursAhead } from "./clock";
import { Site } from "./site";

/** Seconds of the bootstrap's time-out: `bootstrapTimeout` is 1 minute. */
const timeOut = 60;

/** Maximum seconds from the time-out to the error; this project's choice. */
const limit = 60;

/**
 * The resources that the first update leaves out, together with their dependents: the instances. The registrations in target groups and the wait
 * for bootstrap-complete are listed too, because they are not dependents of the instances for the Pulumi engine.
 */
const machines = [
  "bootstrap-machine",
  "masters-*",
  "workers-*",
  "load-balancers-*-bootstrap",
  "load-balancers-*-master-*",
  "bootstrap-complete",
];

/** Breaks an installation in several ways by calls to AWS, one after the other. Each update must fail and name the cause. */
describeWithTools("an installation in which one part is broken", () => {
  let site: Site;
  let account: Account;
  let victim: Victim;
  /** Repairs the previous breakage. It runs only after the next breakage is in effect, so that no instance continues in between. */
  let repair: (() => Promise<unknown>) | undefined;
  const figures: string[] = [];

  beforeAll(async () => {
    site = await Site.open();
    account = Account.open(site.sandbox.aws);
    site.configure("bootstrapTimeout", String(timeOut / 60));
    await site.said("stack", "select", "--create");
    // Creates everything except the instances and their dependents, because instances boot as soon as they exist.
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
    if (repair !== undefined) {
      await site.waitForInstancesToReadAws();
      await repair();
    }
    repair = next;
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

  test("can't continue after the certificates in its ignition configs have expired: the preview fails and names make rebuild", async () => {
    const { code, stdout, stderr } = await site.pulumi(["preview"], hoursAhead(13));
    expect(stdout + stderr).toMatch(
      /the instances began to boot from ignition configs of \S+, whose certificates are valid for 24 hours[^]*make rebuild/,
    );
    expect(code).not.toBe(0);
  });

  test("is completed by the next update when everything is repaired", async () => {
    await repair?.();
    site.configure("bootstrapTimeout", "10");
    const { code, stdout, stderr, seconds } = await site.update();
    figures.push(`repaired: installed after ${seconds.toFixed(1)} s`);
    expect([code, stdout + stderr]).toEqual([0, stdout + stderr]);
    expect(await account.running(`${victim.infraId}-bootstrap`)).toEqual([]);
    expect(await account.running(`${victim.infraId}-master`)).toHaveLength(3);
  });
});
