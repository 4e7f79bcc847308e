import * as pulumi from "@pulumi/pulumi";
import type { Executor } from "./installer/executor";
import { readScript } from "./installer/scripts";

/** A DNS record that the user creates (user-managed DNS). */
export interface UserRecord {
  readonly name: string;
  readonly type: "A" | "CNAME";
  /** Value of the record: an address or a DNS name. */
  readonly target: pulumi.Input<string>;
  /** Host name to resolve as a check; defaults to `name`, which cannot be resolved if it is a wildcard. */
  readonly host?: string;
  /**
   * Who needs the record before the cluster can come up. `here`: the machine that runs the installer, as well as the cluster. `vpc`: only
   * the cluster's instances, so the record may resolve nowhere else. If undefined, nothing waits for the record.
   */
  readonly neededBy?: "here" | "vpc";
}

/** A record as it is shown to the user: name, type, target. */
export function listedRecord({ name, type, target }: UserRecord): pulumi.Output<string> {
  return pulumi.interpolate`${name} ${type} ${target}`;
}

export interface UserRecordsArgs {
  readonly executor: Executor;
  readonly records: readonly UserRecord[];
  /** Prefix of the progress lines. */
  readonly title: string;
  /** Whether an earlier update has brought the cluster past the point where the records are needed. */
  readonly passed: boolean;
  /** Seconds after which the update fails if a record that is needed `here` does not resolve to its target. */
  readonly timeoutSeconds: number;
}

/** Seconds between two DNS queries. This project's choice. */
const pauseSeconds = 5;

/** Seconds to wait for a record that only the VPC needs; instances retry the query themselves. This project's choice. */
const graceSeconds = 120;

/** With user-managed DNS: lists the records as soon as their targets are known, and waits until the records resolve to their targets. */
export class UserRecords extends pulumi.ComponentResource {
  /** This resource is created when the records resolve to their targets. */
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
