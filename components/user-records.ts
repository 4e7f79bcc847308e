import * as pulumi from "@pulumi/pulumi";
import type { Executor } from "./installer/executor";
import { readScript } from "./installer/scripts";

/** A DNS record that the user creates. */
export interface UserRecord {
  readonly name: string;
  readonly type: "A" | "CNAME";
  /** What it leads to. */
  readonly target: pulumi.Input<string>;
  /** Host whose address is asked for; the name unless it has a wildcard. */
  readonly host?: string;
  /**
   * Who needs it before the cluster can come up: `here`, the machine that runs the installer, besides the cluster; or `vpc`, the cluster's machines
   * alone, and it may resolve nowhere else. Nobody waits for a record without this.
   */
  readonly neededBy?: "here" | "vpc";
}

/** A record as it is listed for the user: name, type, target. */
export function listedRecord({ name, type, target }: UserRecord): pulumi.Output<string> {
  return pulumi.interpolate`${name} ${type} ${target}`;
}

export interface UserRecordsArgs {
  readonly executor: Executor;
  readonly records: readonly UserRecord[];
  /** What the lines of progress begin with. */
  readonly title: string;
  /** Whether an earlier update has brought the cluster past the point where they are needed. */
  readonly passed: boolean;
  /** Seconds after which the update fails when a record that is needed here does not lead where it has to. */
  readonly timeoutSeconds: number;
}

/** Seconds between two questions to the resolver: this project's choice. */
const pauseSeconds = 5;

/** Seconds for which a record that only the VPC needs is waited for: this project's choice. Machines ask again for it by themselves. */
const graceSeconds = 120;

/** With DNS of the user's own: lists the records as soon as it is known where they lead, and waits until they lead there. */
export class UserRecords extends pulumi.ComponentResource {
  /** Exists when the records lead where they have to. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: UserRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:network:UserRecords", name, {}, opts);
    const { executor, records, title, passed, timeoutSeconds } = args;
    const listed = pulumi.all(records.map(listedRecord));
    if (!passed)
      listed.apply((lines) => pulumi.log.info(`the cluster needs these DNS records, which you create:\n${lines.join("\n")}`, this));
    const needed = records.filter(({ neededBy }) => neededBy !== undefined);
    const input = pulumi
      .all(needed.map(({ target }) => target))
      .apply((targets) =>
        needed
          .map(
            ({ name: record, host = record, type, neededBy = "" }, index) =>
              `${[record, host, type, targets[index], neededBy].join(" ")}\n`,
          )
          .join(""),
      );
    const { resource } = executor.run(
      `${name}-resolve`,
      {
        script: readScript("wait-names"),
        input,
        environment: {
          WAIT_FOR: title,
          WAIT_SECONDS: String(timeoutSeconds),
          GRACE_SECONDS: String(graceSeconds),
          PAUSE_SECONDS: String(pauseSeconds),
        },
        triggers: [input],
        frozen: passed,
        progress: true,
        timeoutSeconds: timeoutSeconds + 2 * graceSeconds,
      },
      { parent: this, ...(opts?.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.ready = resource;
    this.registerOutputs();
  }
}
