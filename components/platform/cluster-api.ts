import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
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
    const annotations = {
      ...object.metadata.annotations,
      "pulumi.com/patchFieldManager": fieldManager,
      // What an operator or a person set before is what the configuration replaces.
      "pulumi.com/patchForce": "true",
    };
    return new Declared(name, { ...object, metadata: { ...object.metadata, annotations } }, "Patch", this.options(opts));
  }

  /** What stands when the cluster is complete. */
  get installed(): pulumi.Resource {
    return this.args.installed;
  }

  private get provider(): Provider {
    this.declared ??= new Provider(
      this.name,
      {
        kubeconfig: pulumi.secret(this.args.kubeconfig),
        // Another cluster means other objects; another kubeconfig of the same one doesn't.
        clusterIdentifier: this.args.infraId,
        enableServerSideApply: true,
        kubeClientSettings: clientSettings,
        suppressDeprecationWarnings: true,
      },
      { dependsOn: this.args.installed },
    );
    return this.declared;
  }

  private options(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    // With the identity goes the whole cluster: nothing asks an API that may be dead.
    return pulumi.mergeOptions({ provider: this.provider, deletedWith: this.args.identity, dependsOn: this.args.installed }, opts);
  }
}

class Declared extends pulumi.CustomResource {
  constructor(name: string, object: ApiObject, suffix: "" | "Patch", opts: pulumi.CustomResourceOptions) {
    const flaws = flawsOf(withoutOutputs(object) as ApiObject);
    if (flaws.length > 0) throw new ObjectError(object, flaws);
    const secret = kindOf(object) === "v1 Secret" ? { additionalSecretOutputs: ["data", "stringData"] } : {};
    super(tokenOf(object, suffix), name, object, pulumi.mergeOptions(opts, secret));
  }
}

/** The provider's token of a kind: `kubernetes:core/v1:Secret`, `kubernetes:config.openshift.io/v1:OAuthPatch`. */
function tokenOf({ apiVersion, kind }: ApiObject, suffix: string): string {
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
