import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { idOf, known } from "../known";
import { type ApiObject, kindOf } from "../../platform/object";
import { flawsOf, ObjectError, UNKNOWN } from "../../platform/schema/check";

/** Whose fields the singletons' patches are, in every version of this program: another name would be another owner, and both would keep them. */
const fieldManager = "okd-aws";

/** Requests in a second, and at once: the client's own 5 and 10 make a hundred objects take 20 s (kubernetes/client-go, `rest/config.go`). */
const clientSettings = { qps: 50, burst: 100 };

export interface ClusterApiArgs {
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly infraId: pulumi.Output<string>;
  /** The cluster goes with it, and with the cluster all that is in it. */
  readonly identity: pulumi.Resource;
  /** Stands when the cluster is complete: before, operators would meet what they don't expect. */
  readonly installed: pulumi.Resource;
}

/** The API of the installed cluster: everything that the platform's components write goes through it. Where nothing is written, there is no provider. */
export class ClusterApi {
  private declared: Provider | undefined;

  constructor(
    private readonly name: string,
    private readonly args: ClusterApiArgs,
  ) {}

  /**
   * An object of the program's own: made, updated and deleted with its declaration.
   *
   * @param object of which any value but kind and metadata may be an output
   * @throws ObjectError when the kind's definition doesn't allow it, in a preview too.
   */
  object(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new Declared(name, object, "", this.options(opts));
  }

  /**
   * Fields of an object that the cluster has anyway. Without its declaration the fields are dropped again, which leaves the cluster's
   * default and not what stood there before (docs/singletons.md).
   *
   * @throws ObjectError when the kind's definition doesn't allow it, in a preview too.
   */
  patch(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new Declared(name, forced(object), "Patch", this.options(opts));
  }

  /**
   * Fields besides those that `patch` sets in the same object: they have an owner of their own, which the provider names and remembers. Without the declaration
   * they are dropped.
   *
   * @throws ObjectError when the kind's definition doesn't allow it, in a preview too.
   */
  patchBeside(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new Declared(name, annotated(object, force), "Patch", this.options(opts));
  }

  /**
   * Fields that stay when their declaration goes, whatever becomes of the ones that `patch` set in the same object: they have an owner of their own, which the
   * provider names and remembers. A name of ours would be an annotation of the object, which has one such and not two.
   *
   * @throws ObjectError when the kind's definition doesn't allow it, in a preview too.
   */
  lasting(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return this.patchBeside(name, object, { ...opts, retainOnDelete: true });
  }

  /**
   * An object of the program's own that the installation may have made already, of the same content: applying it then changes nothing, and later
   * changes are the program's. With its declaration it is deleted.
   *
   * @throws ObjectError when the kind's definition doesn't allow it, in a preview too.
   */
  takeOver(name: string, object: ApiObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
    return new Declared(name, forced(object), "", this.options(opts));
  }

  /**
   * What the cluster makes of its own accord; read anew by every preview and update.
   *
   * @param after what makes the cluster make it: unknown to a preview that is to make that first.
   */
  read<T>(name: string, kind: ReadKind, after: pulumi.CustomResource, opts: pulumi.CustomResourceOptions): Read<T> {
    const { apiVersion, namespace, name: object } = kind;
    const id = after.id.apply(() => `${namespace}/${object}`);
    // Only its id says what comes before: an update that leaves that out reads all the same, and its state would name what there is not.
    const own = { provider: this.provider, deletedWith: this.args.identity };
    return new Read<T>(tokenOf({ apiVersion, kind: kind.kind }, ""), name, pulumi.mergeOptions(own, { ...opts, id }));
  }

  /** What stands when the cluster is complete. */
  get installed(): pulumi.Resource {
    return this.args.installed;
  }

  /** What everything in the cluster goes with. */
  get identity(): pulumi.Resource {
    return this.args.identity;
  }

  /**
   * The administrator's, once the cluster is installed: the plugin looks once whether the cluster answers, when it is started. Not by a dependency: an update may
   * leave the installation out, and the engine keeps a provider all the same; its state would name what there is not.
   */
  private get kubeconfig(): pulumi.Output<string> {
    const ready = pulumi
      .all([this.args.kubeconfig, this.args.installed.urn, idOf(this.args.installed)])
      .apply(([kubeconfig]) => kubeconfig);
    return pulumi.runtime.isDryRun() ? ready : pulumi.output(known(ready).then((found) => found ?? "not installed"));
  }

  private get provider(): Provider {
    this.declared ??= new Provider(this.name, {
      kubeconfig: pulumi.secret(this.kubeconfig),
      // Another cluster means other objects; another kubeconfig of the same one doesn't.
      clusterIdentifier: this.args.infraId,
      enableServerSideApply: true,
      // Changed where they are: by default they are deleted and made again, while their readers run.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
      kubeClientSettings: clientSettings,
      suppressDeprecationWarnings: true,
    });
    return this.declared;
  }

  private options(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    // With the identity goes the whole cluster: nothing asks an API that may be dead.
    return pulumi.mergeOptions({ provider: this.provider, deletedWith: this.args.identity, dependsOn: this.args.installed }, opts);
  }
}

/** Makes the provider set fields whosever they were: an operator's, a person's, or the installation's. */
const force = { "pulumi.com/patchForce": "true" };

function forced(object: ApiObject): ApiObject {
  return annotated(object, { "pulumi.com/patchFieldManager": fieldManager, ...force });
}

function annotated(object: ApiObject, more: Readonly<Record<string, string>>): ApiObject {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } } };
}

/** An object's kind and place. */
export interface ReadKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object that is read and never written. */
export class Read<Status> extends pulumi.CustomResource {
  declare readonly status: pulumi.Output<Status>;

  constructor(type: string, name: string, opts: pulumi.CustomResourceOptions) {
    super(type, name, { status: undefined }, opts);
  }
}

/** The object, not made until a condition of its status is true: the provider waits for it, at most as long as its timeouts say. */
export function standingWhen(condition: string, object: ApiObject): ApiObject {
  return annotated(object, { "pulumi.com/waitFor": `condition=${condition}` });
}

class Declared extends pulumi.CustomResource {
  constructor(name: string, object: ApiObject, suffix: "" | "Patch", opts: pulumi.CustomResourceOptions) {
    const flaws = flawsOf(withoutOutputs(object) as ApiObject, { part: suffix === "Patch" });
    if (flaws.length > 0) throw new ObjectError(object, flaws);
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
