import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { sandboxClientConfiguration } from "../aws/client";
import type { BootedIgnitionConfig } from "../machines";
import { environmentPath, type HostRoot } from "./host-root";

/** The part of an ignition config that contains the systemd units. */
interface Units extends BootedIgnitionConfig {
  readonly systemd?: { readonly units?: readonly { readonly name: string; readonly contents?: string }[] };
}

/** Milliseconds between two checks of a healthy host. */
const healthyInterval = 15_000;

/**
 * Simulates `okd-publish-health` with the host's own `okd-health`. When the state changes, it publishes whether the registry, the tools and the certificate
 * approver are ready.
 */
export class SimulatedHostHealth {
  private published?: string;
  private next = 0;

  constructor(
    private readonly root: HostRoot,
    private readonly options: { readonly region: string; readonly say: (text: string) => void },
  ) {}

  /** Publishes a changed state, if the host's role allows it. */
  async advance(config: Units, instanceId: string, may: (action: string, resource: string) => Promise<boolean>): Promise<void> {
    const unit = config.systemd?.units?.find(({ name }) => name === "okd-publish-health.service")?.contents ?? "";
    const place = /^ExecStart=\/usr\/local\/bin\/okd-publish-health (\S+) (\S+)$/m.exec(unit);
    if (place === null || Date.now() < this.next) return;
    const [, bucket, key] = place;
    const reason = await this.reason();
    if (reason === "") this.next = Date.now() + healthyInterval;
    if (reason === this.published || !(await may("s3:PutObject", `arn:aws:s3:::${bucket}/${key}`))) return;
    const state = reason === "" ? "healthy" : "unhealthy";
    const Body = `${state} ${new Date().toISOString()} ${instanceId}\n${reason}\n`;
    await new S3Client(sandboxClientConfiguration(this.options.region)).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    this.published = reason;
    this.options.say(`published that it is ${state}${reason === "" ? "" : `: ${reason}`}`);
  }

  /** The reason why the host is not ready; empty if it is ready. */
  private async reason(): Promise<string> {
    const env = { ...this.root.environment(), OKD_HOST_ENV: this.root.path(environmentPath) };
    try {
      await promisify(execFile)("bash", [this.root.path("/usr/local/bin/okd-health"), "all", "0"], { env });
      return "";
    } catch (error) {
      return (error as { stderr?: string }).stderr?.trim() ?? String(error);
    }
  }
}
