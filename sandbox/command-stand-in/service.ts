import { status, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { difference, type Kind } from "./difference";
import { EngineLog } from "./engine-log";
import { checked, INPUTS, type Checked, type InputFailure, type InputTable } from "./inputs";
import { localCommand, localRun } from "./local-command";
import { Cancellation, type CommandContext } from "./command-context";
import type { CommandResource } from "./resource";
import type { Properties } from "./value";

/** The vendor's version that this plugin replaces, with a suffix that names it as a stand-in. */
export const VERSION = "1.2.1+stand-in";

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
const KINDS: Readonly<Record<Kind, { readonly keeps: messages.PropertyDiff.Kind; readonly replaces: messages.PropertyDiff.Kind }>> = {
  add: { keeps: ADD, replaces: ADD_REPLACE },
  delete: { keeps: DELETE, replaces: DELETE_REPLACE },
  update: { keeps: UPDATE, replaces: UPDATE_REPLACE },
};

/** The resources by type token. The resources that use ssh are loaded on first use, because the ssh library is large. */
async function resourceOf(type: string): Promise<CommandResource> {
  switch (type) {
    case "command:local:Command":
      return localCommand;
    case "command:remote:Command":
      return (await import("./remote-command")).remoteCommand;
    case "command:remote:CopyToRemote":
      return (await import("./copy-to-remote")).copyToRemote;
    default:
      throw new Error(`the stand-in for the command plugin has no resource ${type}`);
  }
}

function isServed(type: string): type is keyof typeof INPUTS {
  return type in INPUTS;
}

function tableOf(type: string): InputTable {
  if (isServed(type)) return INPUTS[type];
  throw new Error(`the stand-in for the command plugin does not know ${type}`);
}

/** The type token in a URN: the last of the types in its third part. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function properties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function struct(values: Properties): Struct {
  return Struct.fromJavaScript(values);
}

function failures(found: readonly InputFailure[]): messages.CheckFailure[] {
  return found.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason));
}

type Handler<Request, Response> = (request: Request, context: CommandContext) => Promise<Response> | Response;

/** The request's time limit in seconds; 0 if it has none. */
function limitOf(request: unknown): number {
  return (request as { getTimeout?: () => number }).getTimeout?.() ?? 0;
}

/**
 * The plugin's side of the protocol between the Pulumi engine and a plugin (`proto/pulumi/provider.proto`), limited to the calls that a plugin
 * without configuration gets.
 */
export class PluginService {
  private readonly cancellation = new Cancellation();
  private readonly log: EngineLog;

  constructor(engine: string | undefined) {
    this.log = new EngineLog(engine);
  }

  /** The handlers for the gRPC server. */
  handlers(): UntypedServiceImplementation {
    return {
      getPluginInfo: this.unary(() => new PluginInfo().setVersion(VERSION)),
      checkConfig: this.unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
      diffConfig: this.unary(() => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: this.unary(() =>
        new messages.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true),
      ),
      check: this.unary((request: messages.CheckRequest) => this.check(request)),
      diff: this.unary((request: messages.DiffRequest) => this.diff(request)),
      create: this.unary((request: messages.CreateRequest, context) => this.create(request, context)),
      read: this.unary((request: messages.ReadRequest) => this.read(request)),
      update: this.unary((request: messages.UpdateRequest, context) => this.update(request, context)),
      delete: this.unary((request: messages.DeleteRequest, context) => this.delete(request, context)),
      invoke: this.unary((request: messages.InvokeRequest, context) => this.invoke(request, context)),
      attach: this.unary((request: PluginAttach) => {
        this.log.attach(request.getAddress());
        return new Empty();
      }),
      cancel: this.unary(() => {
        this.cancellation.cancel();
        return new Empty();
      }),
    };
  }

  private async check(request: messages.CheckRequest): Promise<messages.CheckResponse> {
    const type = typeOf(request.getUrn());
    const resource = await resourceOf(type);
    const byTable = checked(tableOf(type), properties(request.getNews()));
    const result: Checked = resource.check?.(byTable) ?? byTable;
    return new messages.CheckResponse().setInputs(struct(result.inputs)).setFailuresList(failures(result.failures));
  }

  private diff(request: messages.DiffRequest): messages.DiffResponse {
    const table = tableOf(typeOf(request.getUrn()));
    const changes = difference(
      Object.keys(table),
      properties(request.getOlds()),
      properties(request.getNews()),
      request.getIgnorechangesList(),
    );
    const response = new messages.DiffResponse().setHasdetaileddiff(true);
    for (const [path, kind] of changes) {
      const replaces = path in table && table[path].replaces === true;
      response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(KINDS[kind][replaces ? "replaces" : "keeps"]));
      response.addDiffs(path);
      if (replaces) response.addReplaces(path);
    }
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    return response.setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  }

  private async create(request: messages.CreateRequest, context: CommandContext): Promise<messages.CreateResponse> {
    const resource = await resourceOf(typeOf(request.getUrn()));
    const inputs = properties(request.getProperties());
    const outputs = request.getPreview() ? resource.preview(inputs) : await resource.create(inputs, context);
    const id = resource.newId(nameOf(request.getUrn()), request.getPreview());
    return new messages.CreateResponse().setId(id).setProperties(struct(outputs));
  }

  /** The answer to a refresh: the recorded state, because a command has no other state. */
  private read(request: messages.ReadRequest): messages.ReadResponse {
    return new messages.ReadResponse().setId(request.getId()).setProperties(request.getProperties()).setInputs(request.getInputs());
  }

  private async update(request: messages.UpdateRequest, context: CommandContext): Promise<messages.UpdateResponse> {
    const resource = await resourceOf(typeOf(request.getUrn()));
    const state = properties(request.getOlds());
    const given = properties(request.getNews());
    const kept = request.getIgnorechangesList().flatMap((name) => (name in state ? [[name, state[name]] as const] : []));
    const inputs = { ...given, ...Object.fromEntries(kept) };
    const outputs = request.getPreview() ? resource.preview(inputs, state) : await resource.update(state, inputs, context);
    return new messages.UpdateResponse().setProperties(struct(outputs));
  }

  private async delete(request: messages.DeleteRequest, context: CommandContext): Promise<Empty> {
    const resource = await resourceOf(typeOf(request.getUrn()));
    await resource.delete?.(properties(request.getProperties()), context);
    return new Empty();
  }

  private async invoke(request: messages.InvokeRequest, context: CommandContext): Promise<messages.InvokeResponse> {
    if (request.getTok() !== "command:local:run")
      throw new Error(`the stand-in for the command plugin has no function ${request.getTok()}`);
    const arguments_ = checked(tableOf(request.getTok()), properties(request.getArgs()));
    if (arguments_.failures.length > 0) return new messages.InvokeResponse().setFailuresList(failures(arguments_.failures));
    return new messages.InvokeResponse().setReturn(struct(await localRun(arguments_.inputs, context)));
  }

  /** Wraps a handler: adds a signal for its cancellation and a log for its resource, and converts errors to the Pulumi engine's form. */
  private unary<Request, Response>(handler: Handler<Request, Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const urn = (call.request as { getUrn?: () => string }).getUrn?.() ?? "";
      this.cancellation
        .run(limitOf(call.request), async (signal, end) => {
          // This event also arrives when the Pulumi engine dies, because the connection to the engine then breaks.
          call.on("cancelled", end);
          const status = (message: string): void => {
            this.log.write({ urn, severity: "info", message, ephemeral: true });
          };
          const log: CommandContext["log"] = (severity, message) => {
            this.log.write({ urn, severity, message, ephemeral: false });
          };
          try {
            return await handler(call.request, { signal, status, log });
          } finally {
            await this.log.flushed();
          }
        })
        .then(
          (response) => {
            callback(null, response);
          },
          (error: unknown) => {
            callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
          },
        );
    };
  }
}
