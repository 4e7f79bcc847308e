import type { exchange } from "../../lib/https";
import { reasonOf } from "../../lib/reason";
import { type ClusterContext, deleteExample, restartDatabase } from "./cluster";
import { Guestbook, type GuestbookRoute, type WrittenEntry } from "./guestbook";
import { backUpExample, checkBackup, deleteBackup, findUsableVelero, restoreCommand, restoreExample, type SmokeBackup } from "./recovery";
import { routeAuthorities } from "./trust";

export interface SmokeContext extends ClusterContext {
  readonly fetch: typeof exchange;
  /** Name of the stack, for the commands in messages. */
  readonly stack: string;
}

export interface SmokeChoices {
  /** Whether the smoke test only reads the pages and changes nothing. */
  readonly dryRun?: boolean;
  /** Whether the application is backed up, deleted and restored. */
  readonly restore?: boolean;
}

/** A step that was done. */
export interface SmokeStep {
  readonly step: string;
  readonly seconds: number;
  /** The reason why the step failed; undefined if it succeeded. */
  readonly problem?: string;
}

/** The outcome of a run. */
export interface SmokeOutcome {
  readonly steps: readonly SmokeStep[];
  /** Parts that were left out, each with the reason. */
  readonly leftOut: readonly string[];
  readonly passed: boolean;
}

/**
 * Maximum number of minutes until a route answers after a change. In this time pods start, routers read their endpoints, and a new load
 * balancer gets its DNS name and its targets. This project's choice.
 */
const ANSWER_MINUTES = 5;

/** Maximum number of minutes until a route answers after a restore, because the volume is created from its snapshot. */
const RESTORED_MINUTES = 15;

/**
 * Runs the smoke test. The test ends at the first step that fails. The written entries are removed in any case.
 *
 * @param routes at least one
 */
export async function smoke(
  routes: readonly GuestbookRoute[],
  context: SmokeContext,
  { dryRun = false, restore = false }: SmokeChoices = {},
): Promise<SmokeOutcome> {
  const run = new SmokeRun(routes, context);
  return dryRun ? run.rehearse() : run.perform(restore);
}

/** Thrown when a step has failed and is recorded. */
class StepFailed extends Error {}

/** One run of the smoke test: its steps, and the entries and the backup that it has to remove. */
class SmokeRun {
  private readonly steps: SmokeStep[] = [];
  private readonly leftOut: string[] = [];
  private readonly written: WrittenEntry[] = [];
  private backup: SmokeBackup | undefined;
  private guestbook: Guestbook | undefined;

  constructor(
    private readonly routes: readonly GuestbookRoute[],
    private readonly context: SmokeContext,
  ) {}

  /** Checks that each route answers. */
  async rehearse(): Promise<SmokeOutcome> {
    const velero = await findUsableVelero(this.context);
    await this.stopAtFailure(() => this.checkPages(0));
    this.leftOut.push(
      "writing, reading and the restart of the database: this is a dry run",
      `backup, deletion and restore: ${"reason" in velero ? velero.reason : "this is a dry run"}`,
    );
    return this.outcome();
  }

  async perform(restore: boolean): Promise<SmokeOutcome> {
    await this.stopAtFailure(async () => {
      await this.checkPages(ANSWER_MINUTES);
      await this.writeAndRead();
      await this.step("the database restarts", () => restartDatabase(this.context));
      await this.readEverywhere("the entries are still there", ANSWER_MINUTES);
      const velero = await findUsableVelero(this.context);
      if ("reason" in velero) this.leftOut.push(`backup, deletion and restore: ${velero.reason}`);
      else if (!restore) this.leftOut.push(`backup, deletion and restore: RESTORE=1 does this, and deletes the application in between`);
      else await this.backUpAndRestore(velero.namespace);
    });
    await this.stopAtFailure(() => this.cleanUp());
    return this.outcome();
  }

  private async checkPages(minutes: number): Promise<void> {
    const { clock, fetch, client } = this.context;
    const guestbook = new Guestbook({ fetch, clock, ca: await routeAuthorities(client) });
    this.guestbook = guestbook;
    for (const route of this.routes)
      await this.step(`the router ${route.router} serves ${route.url}`, () => guestbook.eventually(minutes, () => guestbook.page(route)));
  }

  /** Writes an entry through each route, and reads all entries through each route. */
  private async writeAndRead(): Promise<void> {
    for (const route of this.routes)
      await this.step(`an entry is written through the router ${route.router}`, async () => {
        this.written.push(await this.book.write(route));
      });
    await this.readEverywhere("all entries are read", ANSWER_MINUTES);
  }

  private async readEverywhere(title: string, minutes: number): Promise<void> {
    for (const route of this.routes)
      await this.step(`${title} through the router ${route.router}`, () =>
        this.book.eventually(minutes, () => this.book.read(route, this.written)),
      );
  }

  private async backUpAndRestore(namespace: string): Promise<void> {
    const backup = await this.step("the application is backed up with its volume", async () => {
      const made = await backUpExample(namespace, this.context);
      this.backup = made;
      await checkBackup(made, this.context);
      return made;
    });
    const { stack, say } = this.context;
    say(`the application is deleted now. If this run is interrupted, restore it with: ${restoreCommand(stack, backup)}`);
    await this.step("the application is deleted", () => deleteExample(this.context));
    await this.step("the application is restored", () => restoreExample(backup, this.context));
    await this.readEverywhere("the restored entries are read", RESTORED_MINUTES);
  }

  private async cleanUp(): Promise<void> {
    if (this.written.length > 0)
      await this.step("the entries are removed", async () => {
        for (const entry of this.written) await this.book.remove(this.routes[0], entry);
      });
    const { backup } = this;
    // After a failed restore the backup is kept, because it is the only copy of the application.
    if (backup === undefined) return;
    if (this.failed)
      this.leftOut.push(
        `the removal of the backup ${backup.name}: it may be the only copy, because a step failed. Velero deletes it at this time: ` +
          `${backup.expires}. To restore the application: ${restoreCommand(this.context.stack, backup)}`,
      );
    else await this.step("the removal of the backup is requested", () => deleteBackup(backup, this.context));
  }

  private get book(): Guestbook {
    if (this.guestbook === undefined) throw new Error("the pages were not checked");
    return this.guestbook;
  }

  private get failed(): boolean {
    return this.steps.some(({ problem }) => problem !== undefined);
  }

  private outcome(): SmokeOutcome {
    return { steps: this.steps, leftOut: this.leftOut, passed: !this.failed };
  }

  private async stopAtFailure(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      if (!(error instanceof StepFailed)) throw error;
    });
  }

  private async step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
    const { clock, say } = this.context;
    const began = clock.now();
    const seconds = (): number => Math.round((clock.now() - began) / 100) / 10;
    try {
      const result = await work();
      this.steps.push({ step: title, seconds: seconds() });
      say(`${title}: done in ${seconds()} s`);
      return result;
    } catch (error) {
      const problem = reasonOf(error);
      this.steps.push({ step: title, seconds: seconds(), problem });
      say(`${title}: failed after ${seconds()} s: ${problem}`);
      throw new StepFailed(title, { cause: error });
    }
  }
}
