import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { killAll } from "./program";
import { PluginService, VERSION } from "./service";

/** Milliseconds between two checks of an idle plugin whether the Pulumi engine that started it still runs. */
const ENGINE_CHECK = 1000;

/** The Pulumi engine's address: the only argument that is not an option. */
function engineAddress(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith("-"));
}

/**
 * Serves the Pulumi engine: listens on a free loopback port and prints it, as the Pulumi engine expects of a plugin. Messages have no size limit, because a
 * command's output has none. The plugin ends with the Pulumi engine and kills running commands.
 */
export function main(args: readonly string[]): void {
  if (args.some((arg) => /^--?version$/.test(arg))) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, new PluginService(engineAddress(args)).handlers());
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });

  process.on("exit", killAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      process.exit(1);
    });
  }
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, ENGINE_CHECK).unref();
}
