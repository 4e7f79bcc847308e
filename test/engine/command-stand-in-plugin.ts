import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { credentials, Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";

/** The executable of the stand-in. */
export const PLUGIN = join(__dirname, "../../sandbox/command-stand-in/pulumi-resource-command");

/** Properties in the form of the plugin protocol. */
export type PluginProperties = Readonly<Record<string, unknown>>;

/** Options of a call that runs a command. */
export interface StepOptions {
  readonly preview?: boolean;
  /** Seconds, as in `customTimeouts`. */
  readonly timeout?: number;
  readonly ignoreChanges?: readonly string[];
}

/** The answer to a diff, with the names of the kinds of change. */
export interface Diff {
  readonly changes: boolean;
  readonly detailed: Readonly<Record<string, string>>;
  readonly replaces: readonly string[];
}

type Callback<T> = (error: Error | null, response: T) => void;

function struct(properties: PluginProperties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

function kindOf(kind: messages.PropertyDiff.Kind): string {
  return Object.entries(messages.PropertyDiff.Kind).find(([, value]) => value === kind)?.[0] ?? "";
}

/** The plugin, started and called as the Pulumi engine does. A server receives the plugin's log messages in place of the Pulumi engine. */
export class Plugin {
  private constructor(
    /** The log messages, as `severity[ status]: message`. */
    readonly lines: string[],
    readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly engine: Server,
  ) {}

  /** Starts the plugin. `directory` is the directory in which the Pulumi engine would start it. */
  static async start(directory: string, environment: NodeJS.ProcessEnv = process.env): Promise<Plugin> {
    const lines: string[] = [];
    const engine = new Server();
    engine.addService(EngineService, {
      log: (call: ServerUnaryCall<LogRequest, Empty>, callback: sendUnaryData<Empty>) => {
        const severity = Object.entries(LogSeverity).find(([, value]) => value === call.request.getSeverity())?.[0] ?? "";
        lines.push(`${severity.toLowerCase()}${call.request.getEphemeral() ? " status" : ""}: ${call.request.getMessage()}`);
        callback(null, new Empty());
      },
    });
    const address = await new Promise<string>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(`127.0.0.1:${port}`);
      });
    });
    const child = spawn(PLUGIN, [address], { cwd: directory, env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const port = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`the plugin ended with ${String(code)} before it printed its port`));
      });
      child.stdout.once("data", (data: Buffer) => {
        resolve(data.toString().trim());
      });
    });
    return new Plugin(lines, child, new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()), engine);
  }

  /** Stops the plugin and the server of its log. */
  async stop(): Promise<void> {
    this.client.close();
    this.engine.forceShutdown();
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGTERM");
      await ended;
    }
  }

  async check(type: string, inputs: PluginProperties): Promise<{ inputs: PluginProperties; failures: readonly string[] }> {
    const request = new messages.CheckRequest().setUrn(urn(type)).setNews(struct(inputs)).setOlds(struct({}));
    const response = await this.call<messages.CheckResponse>((callback) => this.client.check(request, callback));
    const failures = response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: response.getInputs()?.toJavaScript() ?? {}, failures };
  }

  async diff(type: string, state: PluginProperties, inputs: PluginProperties, options: StepOptions = {}): Promise<Diff> {
    const request = new messages.DiffRequest().setUrn(urn(type)).setOlds(struct(state)).setNews(struct(inputs));
    request.setIgnorechangesList([...(options.ignoreChanges ?? [])]);
    const response = await this.call<messages.DiffResponse>((callback) => this.client.diff(request, callback));
    return {
      changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      detailed: Object.fromEntries([...response.getDetaileddiffMap().entries()].map(([path, diff]) => [path, kindOf(diff.getKind())])),
      replaces: response.getReplacesList(),
    };
  }

  async create(type: string, inputs: PluginProperties, options: StepOptions = {}): Promise<PluginProperties> {
    const request = new messages.CreateRequest().setUrn(urn(type)).setProperties(struct(inputs));
    request.setPreview(options.preview ?? false).setTimeout(options.timeout ?? 0);
    const response = await this.call<messages.CreateResponse>((callback) => this.client.create(request, callback));
    return { ...response.getProperties()?.toJavaScript(), id: response.getId() };
  }

  async update(type: string, state: PluginProperties, inputs: PluginProperties, options: StepOptions = {}): Promise<PluginProperties> {
    const request = new messages.UpdateRequest().setUrn(urn(type)).setId("id").setOlds(struct(state)).setNews(struct(inputs));
    request.setPreview(options.preview ?? false).setTimeout(options.timeout ?? 0);
    const response = await this.call<messages.UpdateResponse>((callback) => this.client.update(request, callback));
    return response.getProperties()?.toJavaScript() ?? {};
  }

  async delete(type: string, state: PluginProperties): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(urn(type)).setId("id").setProperties(struct(state));
    await this.call<Empty>((callback) => this.client.delete(request, callback));
  }

  async invoke(token: string, args: PluginProperties): Promise<PluginProperties> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(struct(args));
    const response = await this.call<messages.InvokeResponse>((callback) => this.client.invoke(request, callback));
    return response.getReturn()?.toJavaScript() ?? {};
  }

  async cancel(): Promise<void> {
    await this.call<Empty>((callback) => this.client.cancel(new Empty(), callback));
  }

  private call<T>(send: (callback: Callback<T>) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      send((error, response) => {
        if (error) reject(new Error((error as Error & { details?: string }).details ?? error.message));
        else resolve(response);
      });
    });
  }
}

function urn(type: string): string {
  return `urn:pulumi:test::project::${type}::name`;
}

/** A secret in the form of the plugin protocol. */
export function protocolSecret(value: unknown): PluginProperties {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** An asset in the form of the plugin protocol. */
export function protocolAsset(fields: PluginProperties): PluginProperties {
  return { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", ...fields };
}

/** An archive in the form of the plugin protocol. */
export function protocolArchive(fields: PluginProperties): PluginProperties {
  return { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", ...fields };
}

/** The protocol's placeholder for an unknown value. */
export const PROTOCOL_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
