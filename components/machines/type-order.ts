import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterClient } from "../../operations/authentication/cluster-client";
import { reasonOf } from "../../operations/diagnosis/attempts";
import { apiIsServed } from "../../operations/nodes/api-targets";
import { OneByOne } from "../../operations/nodes/one-by-one";
import type { ClusterIdentity } from "../cluster-identity";
import { known } from "../known";

/** States in which a machine will run, or does. */
const alive = ["pending", "running", "stopping", "stopped"];

/** A machine as it was before the update. */
interface Standing {
  readonly id: string;
  readonly privateDnsName: string;
  readonly type: string;
  /** Another one when it has been stopped and started. */
  readonly launched: string;
}

export interface TypeOrderArgs {
  readonly identity: ClusterIdentity;
  readonly region: string;
  readonly role: "master";
  /** The administrator's. */
  readonly kubeconfig: pulumi.Output<string>;
}

/**
 * Has the machines of an installed control plane stopped one after the other, where another type stops them: the engine would stop all at the same time, and
 * etcd with them. Each learns its type when the one before is declared, and a member again if that stopped it. After a failure the others keep the type that they have.
 */
export class TypeOrder {
  /** Why one has failed. */
  private last: Promise<string | undefined> = Promise.resolve(undefined);

  private constructor(
    private readonly standing: ReadonlyMap<string, Standing>,
    private readonly order: OneByOne,
  ) {}

  /** Looks at the machines, in an update. Undefined for a cluster without an identity. */
  static async find({ identity, region, role, kubeconfig }: TypeOrderArgs): Promise<TypeOrder | undefined> {
    const infraId = await known(identity.infraId);
    if (infraId === undefined) return undefined;
    const filters = [{ name: "tag:Name", values: [`${infraId}-${role}-*`] }];
    const { ids } = await aws.ec2.getInstances({ filters, instanceStateNames: alive });
    const machines = await Promise.all(ids.map((instanceId) => aws.ec2.getInstance({ instanceId })));
    const standing = machines.map(({ id, tags, privateDns, instanceType, launchTime }) => {
      const machine: Standing = { id, privateDnsName: privateDns, type: instanceType, launched: launchTime };
      return [tags.Name.slice(infraId.length + 1), machine] as const;
    });
    const order = new OneByOne({
      client: async () => new ClusterClient((await known(kubeconfig)) ?? ""),
      isServed: () => apiIsServed(region, infraId),
      warn: (text) => void pulumi.log.warn(text),
    });
    return new TypeOrder(new Map(standing), order);
  }

  /** Declares a machine with its type, which it has when it may be stopped for it. */
  declare(machine: string, type: string, make: (type: pulumi.Input<string>) => aws.ec2.Instance): aws.ec2.Instance {
    const standing = this.standing.get(machine);
    if (standing === undefined) return make(type);
    const member = { name: machine, identity: { machine: standing.id, node: standing.privateDnsName } };
    const refused = this.last.then((failure) => failure ?? (standing.type === type ? undefined : failureOf(this.order.before(member))));
    const made = make(refused.then((failure) => (failure === undefined ? type : standing.type)));
    this.last = refused.then(async (failure) => {
      if (failure !== undefined) return failure;
      // Known when it is updated; at once where the update leaves it out.
      if ((await known(made.id)) !== standing.id) return undefined;
      const { launchTime } = await aws.ec2.getInstance({ instanceId: standing.id });
      return launchTime === standing.launched ? undefined : failureOf(this.order.after(member, new Date(launchTime)));
    });
    return made;
  }

  /**
   * Returns when nothing is waited for any more.
   *
   * @throws pulumi.RunError when one has failed
   */
  async settle(): Promise<void> {
    const failure = await this.last;
    if (failure !== undefined) throw new pulumi.RunError(failure);
  }
}

/** Why something comes to no good end; undefined when it does. */
async function failureOf(work: Promise<void>): Promise<string | undefined> {
  return work.then(() => undefined, reasonOf);
}
