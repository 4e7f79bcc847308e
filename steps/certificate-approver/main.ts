import { parseArgs } from "node:util";
import { Approver } from "./approver";
import { ApproverApi } from "./cluster";
import { readApproverConfiguration, type ApproverConfiguration } from "./configuration";
import { InstanceInventory } from "./inventory";
import { Status } from "./status";

const usage = `Approves the CSRs of a cluster's kubelets, after verifying each one with EC2.

  node approver.js --config <file>

The file is JSON:
  infraId               the cluster's infraID
  region                AWS region of its instances
  vpcId                 VPC in which the instances must be
  kubeconfig            path of the kubeconfig; the program waits until the file exists
  oldestMachineSeconds  seconds after its launch within which an instance gets its first certificate; default 7200
  notNodes              Name tags of instances that are never nodes: the bootstrap instance, the installer host
  status                path of the status file: a line "time state" (seconds since 1970; working, waiting or failing), and a
                        line with the reason; default: none

AWS credentials come from the environment or the instance profile; it needs ec2:DescribeInstances, ec2:DescribeVpcs and
ec2:DescribeDhcpOptions. HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE are used. The log goes to standard output, one JSON object per
line: events approved, refused (with reason), failed, waiting, unreachable, no-inventory, no-status, no-heartbeat, connected,
started, stopped. It runs until SIGTERM or SIGINT. Exit code 0: stopped by a signal; 1: a fault of the program; 2: wrong arguments or configuration.
`;

function log(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

async function main(): Promise<number> {
  let configuration: ApproverConfiguration;
  try {
    const { values } = parseArgs({ options: { config: { type: "string" }, help: { type: "boolean" } } });
    if (values.help === true) {
      process.stdout.write(usage);
      return 0;
    }
    if (values.config === undefined) throw new Error("--config is missing");
    configuration = readApproverConfiguration(values.config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const { infraId, region, kubeconfig, status: file, ...parameters } = configuration;
  log({ event: "started", infraId, region, ...parameters });
  const inventory = new InstanceInventory(region, infraId, parameters.vpcId);
  const openCluster = () => new ApproverApi(kubeconfig);
  const status = new Status({ file, inventory, beat: () => openCluster().beat(), log });
  const approver = new Approver({ parameters: { infraId, ...parameters }, inventory, openCluster, log, report: status.report });
  await Promise.all([approver.run(stop.signal), status.run(stop.signal)]);
  log({ event: "stopped" });
  return 0;
}

main().then(
  (code) => {
    // Idle connections of the proxy agents would keep the process running. Exit once the remaining output is written.
    process.stdout.write("", () => process.exit(code));
  },
  (error: unknown) => {
    log({ event: "fault", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.stdout.write("", () => process.exit(1));
  },
);
