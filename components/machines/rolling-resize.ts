import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterClient } from "../../lib/kubernetes/client";
import { ProgramError } from "../../lib/program-error";
import { reasonOf } from "../../lib/reason";
import { apiIsServed } from "../../steps/nodes/api-targets";
import { OneByOne } from "../../steps/nodes/control-plane-gate";
import type { ClusterIdentity } from "../cluster-identity";
import { valueIfKnown } from "../../lib/pulumi/known-value";

/** States of an instance that is running or can run again. */
const alive = ["pending", "running", "stopping", "stopped"];

/** An instance as it was before the update. */
interface ExistingInstance {
  readonly id: string;
  readonly privateDnsName: string;
  readonly type: string;
  /** Launch time; it changes when the instance is stopped and started. */
  readonly launched: string;
}

export interface RollingResizeArgs {
  readonly identity: ClusterIdentity;
  readonly region: string;
  readonly role: "master";
  /** The administrator's kubeconfig. */
  readonly kubeconfig: pulumi.Output<string>;
}

/**
 * Resizes the control plane instances of an installed cluster one after the other. The Pulumi engine would stop all instances at the same
 * time, and etcd with them. Each instance gets its new type only after the previous one is declared and, if it was stopped, is an etcd
 * member again. After a failure the remaining instances keep their types.
 */
export class RollingResize {
  /** The first failure of the instances declared so far; undefined if none has failed. Each instance waits for it. */
  private firstFailure: Promise<string | undefined> = Promise.resolve(undefined);

  private constructor(
    private readonly existing: ReadonlyMap<string, ExistingInstance>,
    private readonly order: OneByOne,
  ) {}

  /** Looks up the instances; for updates only. Undefined if the infrastructure ID is not known yet, that is, before the first update. */
  static async find({ identity, region, role, kubeconfig }: RollingResizeArgs): Promise<RollingResize | undefined> {
    const infraId = await valueIfKnown(identity.infraId);
    if (infraId === undefined) return undefined;
    const filters = [{ name: "tag:Name", values: [`${infraId}-${role}-*`] }];
    const { ids } = await aws.ec2.getInstances({ filters, instanceStateNames: alive });
    const machines = await Promise.all(ids.map((instanceId) => aws.ec2.getInstance({ instanceId })));
    const existing = machines.map(({ id, tags, privateDns, instanceType, launchTime }) => {
      const machine: ExistingInstance = { id, privateDnsName: privateDns, type: instanceType, launched: launchTime };
      return [tags.Name.slice(infraId.length + 1), machine] as const;
    });
    const order = new OneByOne({
      client: async () => new ClusterClient((await valueIfKnown(kubeconfig)) ?? ""),
      isServed: () => apiIsServed(region, infraId),
      warn: (text) => void pulumi.log.warn(text),
    });
    return new RollingResize(new Map(existing), order);
  }

  /** Declares an instance. Its new type becomes known once the instance may be stopped. */
  declare(machine: string, type: string, make: (type: pulumi.Input<string>) => aws.ec2.Instance): aws.ec2.Instance {
    const existing = this.existing.get(machine);
    if (existing === undefined) return make(type);
    const member = { name: machine, identity: { machine: existing.id, node: existing.privateDnsName } };
    const refused = this.firstFailure.then(
      (failure) => failure ?? (existing.type === type ? undefined : failureOf(this.order.before(member))),
    );
    const made = make(refused.then((failure) => (failure === undefined ? type : existing.type)));
    this.firstFailure = refused.then(async (failure) => {
      if (failure !== undefined) return failure;
      // The id becomes known when the instance is updated; if the update leaves the instance out, it is known at once.
      if ((await valueIfKnown(made.id)) !== existing.id) return undefined;
      const { launchTime } = await aws.ec2.getInstance({ instanceId: existing.id });
      return launchTime === existing.launched ? undefined : failureOf(this.order.after(member, new Date(launchTime)));
    });
    return made;
  }

  /**
   * Waits until all resizes are done.
   *
   * @throws ProgramError if one has failed
   */
  async settle(): Promise<void> {
    const failure = await this.firstFailure;
    if (failure !== undefined) throw new ProgramError(failure);
  }
}

/** The reason why a promise is rejected; undefined if it is fulfilled. */
async function failureOf(work: Promise<void>): Promise<string | undefined> {
  return work.then(() => undefined, reasonOf);
}
