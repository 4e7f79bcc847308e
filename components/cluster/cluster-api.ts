import * as command from "@pulumi/command";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { idOf, valueIfKnown } from "../../lib/pulumi/known-value";
import type { KubernetesPatch } from "../../cluster-objects/kubernetes-patch";
import { type ApiObject, kindOf } from "../../cluster-objects/object";
import { schemaProblems, ObjectError, UNKNOWN } from "../../cluster-objects/schema/check";
import { writeClusterInput } from "../../steps/cluster-input";
import type { ProgramName } from "../../steps/run";
import { ownProgram } from "../own-command";

/**
 * Field manager of the patches of singletons. It must be the same in every version of this program: after a change of the name, the old and the
 * new manager would both own the fields.
 */
const fieldManager = "okd-aws";

/**
 * Requests per second, and burst. With the client's defaults of 5 and 10 (kubernetes/client-go, `rest/config.go`) a hundred objects would
 * take 20 s.
 */
const clientSettings = { qps: 50, burst: 100 };

export interface ClusterApiArgs {
  /** The administrator's kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly infraId: pulumi.Output<string>;
  /** The cluster's identity. If the identity is deleted, the cluster is deleted, too, with all objects in it. */
  readonly identity: pulumi.Resource;
  /** This resource is created when the installation is complete. Objects that are created earlier could disturb the operators. */
  readonly installed: pulumi.Resource;
  /** Whether the cluster was installed before this update. Only then a preview can send requests to the cluster. */
  readonly installedBefore: boolean;
}

/** Requests, secrets and options for a program of `steps/` that runs for the cluster. */
export interface ClusterCommandArgs {
  /** Request with which the program runs on create and on update. It is on the command line, so it holds no secret. Default: no run. */
  readonly create?: pulumi.Input<object>;
  /** Request with which the program runs on delete, also without a secret. Default: no run. */
  readonly delete?: pulumi.Input<object>;
  /** Secrets that the program reads in addition to the kubeconfig (`steps/cluster-input.ts`). */
  readonly secrets?: pulumi.Input<object | undefined>;
  /** A change of one of these values replaces the command: the program runs with `create`, then with the old `delete`. */
  readonly triggers?: readonly pulumi.Input<string>[];
  /** Which output the Pulumi engine shows; default: all. */
  readonly logging?: command.local.Logging;
  /** Whether the command keeps the inputs with which it ran, so that it does not run again. Default: false. */
  readonly frozen?: boolean;
}

/**
 * The API of the installed cluster. The components of this folder write objects, run programs and read the cluster only through this class, so
 * none of them takes a kubeconfig. The Kubernetes provider is declared only if a component writes an object.
 */
export class ClusterApi {
  private declared: Provider | undefined;

  constructor(
    private readonly name: string,
    private readonly args: ClusterApiArgs,
  ) {}

  /**
   * An object that this program owns: it is created, updated and deleted with its declaration.
   *
   * @param object every value but kind and metadata may be an output
   * @throws ObjectError if the kind's definition does not allow the object; in a preview, too.
   */
  object(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new DeclaredObject(name, object, "", this.options(opts));
  }

  /**
   * Sets fields of an object that exists in every cluster. When the declaration is removed, the fields are dropped and get the cluster's
   * defaults, not their previous values (docs/singletons.md).
   *
   * @throws ObjectError if the kind's definition does not allow the object; in a preview, too.
   */
  patch(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new DeclaredObject(name, withForcedFields(object), "Patch", this.options(opts));
  }

  /**
   * Sets further fields of an object of which `patch` sets other fields. They have a separate field manager, whose name the provider generates
   * and remembers. When the declaration is removed, the fields are dropped.
   *
   * @throws ObjectError if the kind's definition does not allow the object; in a preview, too.
   */
  patchAsSeparateManager(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new DeclaredObject(name, withAnnotations(object, force), "Patch", this.options(opts));
  }

  /**
   * Like `patchAsSeparateManager`, but the fields are kept on delete, even if the fields that `patch` set in the same object are dropped. The
   * provider generates the separate field manager: `patch` already uses the only `patchFieldManager` annotation that an object can have.
   *
   * @throws ObjectError if the kind's definition does not allow the object; in a preview, too.
   */
  patchAndRetain(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return this.patchAsSeparateManager(name, object, { ...opts, retainOnDelete: true });
  }

  /**
   * Applies a patch on create and a restore patch on delete. It is for settings whose default does not come back when the fields of a patch are
   * dropped. Either no operator restores the default in time. Or the patch has the last field of a required `spec`: without that field,
   * kubernetes-sigs/structured-merge-diff leaves null as the `spec`, which the API server refuses.
   *
   * @param opts if `dependsOn` has a patch of the same fields, that patch is deleted after the restore patch was applied. By then the restore
   *   patch owns the fields, so they stay.
   */
  patchAndRestore(name: string, { applyPatch, restorePatch }: KubernetesPatch, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    return this.command(name, "restore", { ...(applyPatch && { create: applyPatch }), delete: restorePatch }, opts);
  }

  /**
   * Adopts an object that the installation may have created with the same content. The first apply then changes nothing. From then on this
   * program manages the object, and deletes it when its declaration is removed.
   *
   * @throws ObjectError if the kind's definition does not allow the object; in a preview, too.
   */
  adopt(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new DeclaredObject(name, withForcedFields(object), "", this.options(opts));
  }

  /**
   * In every preview and update, reads an object that the cluster creates itself.
   *
   * @param after the declared object that makes the cluster create the object to read. As long as `after` does not exist, a preview does not
   *   know the result.
   */
  read<T>(name: string, object: ObjectIdentity, after: pulumi.CustomResource, opts: pulumi.CustomResourceOptions): ReadObject<T> {
    return new ReadObject<T>(tokenOf(object, ""), name, this.readOptions(object, after, opts));
  }

  /** Like `read`, but returns the data of a Secret, as a secret output. */
  readData<T>(name: string, object: ObjectIdentity, after: pulumi.CustomResource, opts: pulumi.CustomResourceOptions): pulumi.Output<T> {
    const secret = { additionalSecretOutputs: ["data"] };
    return new ReadData<T>(tokenOf(object, ""), name, { ...this.readOptions(object, after, opts), ...secret }).data;
  }

  private readOptions(
    { namespace, name }: ObjectIdentity,
    after: pulumi.CustomResource,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.CustomResourceOptions {
    const id = after.id.apply(() => `${namespace}/${name}`);
    // The id makes the read wait for `after`. `dependsOn` would not do: an update that leaves `after` out still reads the object, and the state
    // would then contain a dependency on a missing resource.
    return pulumi.mergeOptions({ provider: this.provider, deletedWith: this.args.identity }, { ...opts, id });
  }

  /**
   * Runs one of this project's programs with the administrator's kubeconfig on its standard input. The program runs after the installation. On
   * delete it does not run if the whole cluster is deleted.
   */
  command(name: string, program: ProgramName, args: ClusterCommandArgs, opts: pulumi.CustomResourceOptions): command.local.Command {
    const { create, delete: onDelete, secrets, triggers, logging, frozen } = args;
    const input = pulumi.all([this.args.kubeconfig, secrets]).apply(([kubeconfig, more]) => writeClusterInput(kubeconfig, more));
    const inputs: command.local.CommandArgs = {
      interpreter: ownProgram(program),
      ...(create && { create: pulumi.jsonStringify(create) }),
      ...(onDelete && { delete: pulumi.jsonStringify(onDelete) }),
      stdin: pulumi.secret(input),
      ...(triggers && { triggers: [...triggers] }),
      ...(logging && { logging }),
    };
    const own = { dependsOn: this.args.installed, deletedWith: this.args.identity, ...(frozen && { ignoreChanges: Object.keys(inputs) }) };
    return new command.local.Command(name, inputs, pulumi.mergeOptions(own, opts));
  }

  /**
   * The administrator's kubeconfig, for requests that the Pulumi program itself sends to the cluster. If the cluster was installed before this
   * update, the kubeconfig is known in the preview, too. Otherwise it is known once `after` is created.
   */
  kubeconfigAfter(after: pulumi.CustomResource): pulumi.Output<string> {
    const when: pulumi.Input<unknown> = this.args.installedBefore ? true : after.id;
    return pulumi.all([this.args.kubeconfig, when]).apply(([kubeconfig]) => kubeconfig);
  }

  /**
   * The administrator's kubeconfig of a running cluster, for requests whose result decides which resources are declared. Undefined before the
   * installation is complete, and in an update that leaves the installation out.
   */
  async kubeconfigIfRunning(): Promise<string | undefined> {
    return this.args.installedBefore ? valueIfKnown(pulumi.output(this.args.kubeconfig)) : undefined;
  }

  /** Whether the cluster was installed before this update. */
  get installedBefore(): boolean {
    return this.args.installedBefore;
  }

  /**
   * The resource of the cluster's identity. It is the `deletedWith` of all objects in the cluster: deleting it deletes the whole cluster, so Pulumi
   * deletes no object by a request to the API.
   */
  get identity(): pulumi.Resource {
    return this.args.identity;
  }

  /**
   * The administrator's kubeconfig, known only when the cluster is installed. The provider's plugin checks only at its start whether the cluster
   * answers, so it must not start earlier.
   *
   * The provider does not depend on the installation: an update that leaves the installation out (`--target`, `--exclude`) still keeps the provider,
   * and the state would then contain a dependency on a missing resource.
   *
   * A preview of a cluster that was installed before gets the kubeconfig at once, so that the plugin starts early.
   */
  private get installedKubeconfig(): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun() && this.args.installedBefore) return pulumi.output(this.args.kubeconfig);
    const ready = pulumi
      .all([this.args.kubeconfig, this.args.installed.urn, idOf(this.args.installed)])
      .apply(([kubeconfig]) => kubeconfig);
    return pulumi.runtime.isDryRun() ? ready : pulumi.output(valueIfKnown(ready).then((found) => found ?? "not installed"));
  }

  private get provider(): Provider {
    this.declared ??= new Provider(this.name, {
      kubeconfig: pulumi.secret(this.installedKubeconfig),
      // The objects belong to the cluster and not to the kubeconfig: they are replaced only if the stack gets a different cluster.
      clusterIdentifier: this.args.infraId,
      enableServerSideApply: true,
      // Secrets and ConfigMaps are changed in place. By default the provider would delete and create them again while pods use them.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
      kubeClientSettings: clientSettings,
      suppressDeprecationWarnings: true,
    });
    return this.declared;
  }

  private options(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    // `deletedWith`: if the identity is deleted, the whole cluster is deleted, so the provider sends no delete requests to an API that may be
    // down.
    return pulumi.mergeOptions({ provider: this.provider, deletedWith: this.args.identity, dependsOn: this.args.installed }, opts);
  }
}

/** Makes the provider the owner of fields that another field manager owns: an operator, a person, or the installation. */
const force = { "pulumi.com/patchForce": "true" };

function withForcedFields(object: ApiObject): ApiObject {
  return withAnnotations(object, { "pulumi.com/patchFieldManager": fieldManager, ...force });
}

function withAnnotations(object: ApiObject, more: Readonly<Record<string, string>>): ApiObject {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } } };
}

/** Identifies one object: API version, kind, namespace and name. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object that is only read. */
export class ReadObject<Status> extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<Status>;

  constructor(type: string, name: string, opts: pulumi.CustomResourceOptions) {
    super(type, name, { status: undefined }, opts);
  }
}

/** The data of a Secret or a ConfigMap that is only read. */
class ReadData<Data> extends pulumi.CustomResource {
  declare readonly data: pulumi.Output<Data>;

  constructor(type: string, name: string, opts: pulumi.CustomResourceOptions) {
    super(type, name, { data: undefined }, opts);
  }
}

/** An object that counts as created only when a condition of its status is true. The provider waits for that until its timeout. */
export function readyWhen(condition: string, object: ApiObject): ApiObject {
  return withAnnotations(object, { "pulumi.com/waitFor": `condition=${condition}` });
}

/** An object that counts as created only when a field of its status is true. The provider waits for that until its timeout. */
export function readyWhenField(path: string, object: ApiObject): ApiObject {
  return withAnnotations(object, { "pulumi.com/waitFor": `jsonpath={${path}}=true` });
}

class DeclaredObject extends pulumi.CustomResource {
  constructor(name: string, object: ApiObject, suffix: "" | "Patch", opts: pulumi.CustomResourceOptions) {
    const problems = schemaProblems(withoutOutputs(object) as ApiObject, { part: suffix === "Patch" });
    if (problems.length > 0) throw new ObjectError(object, problems);
    const secret = kindOf(object) === "v1 Secret" ? { additionalSecretOutputs: ["data", "stringData"] } : {};
    super(tokenOf(object, suffix), name, object, pulumi.mergeOptions(opts, secret));
  }
}

/** The provider's token of a kind: `kubernetes:core/v1:Secret`, `kubernetes:config.openshift.io/v1:OAuthPatch`. */
function tokenOf({ apiVersion, kind }: Pick<ApiObject, "apiVersion" | "kind">, suffix: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}${suffix}`;
}

function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, withoutOutputs(each)]),
  );
}
