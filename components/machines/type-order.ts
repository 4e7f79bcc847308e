import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterClient } from "../../operations/authentication/cluster-client";
import { OneByOne } from "../../operations/nodes/one-by-one";
import { known } from "../known";

/** States in which a machine will run, or does. */
const alive = ["pending", "running", "stopping", "stopped"];

/** A machine that another type would stop. */
interface Other {
  readonly node: string;
  /** The type that it has. */
  readonly type: string;
}

/**
 * Has the machines of an installed control plane stopped one after the other, where another type stops them: the engine would stop all at the same time, and
 * etcd with them. Each learns its type when the one before is a member again. After a failure, which fails the update, the others keep the type that they have.
 */
export class TypeOrder {
  /** Whether one has failed. */
  private last: Promise<boolean> = Promise.resolve(false);

  private constructor(
    private readonly others: ReadonlyMap<string, Other>,
    private readonly order: OneByOne | undefined,
  ) {}

  /**
   * Looks which machines another type would stop. To be asked in updates of installed clusters only: in a preview nothing is stopped, and before there is nothing that would have to go on.
   *
   * @param kubeconfig the administrator's
   */
  static async of(infraId: string, role: string, type: string, kubeconfig: pulumi.Output<string>): Promise<TypeOrder> {
    const filters = [{ name: "tag:Name", values: [`${infraId}-${role}-*`] }];
    const right = [...filters, { name: "instance-type", values: [type] }];
    const find = (some: aws.ec2.GetInstancesArgs["filters"]) => aws.ec2.getInstances({ filters: some, instanceStateNames: alive });
    const [all, ofType] = await Promise.all([find(filters), find(right)]);
    const others = all.ids.filter((id) => !ofType.ids.includes(id));
    if (others.length === 0) return new TypeOrder(new Map(), undefined);
    const machines = await Promise.all(others.map((instanceId) => aws.ec2.getInstance({ instanceId })));
    const client = new ClusterClient((await known(kubeconfig)) ?? "");
    const order = new OneByOne({ client, warn: (text) => void pulumi.log.warn(text) });
    const keyed = machines.map(({ tags, privateDns, instanceType }) => {
      const other: Other = { node: privateDns, type: instanceType };
      return [tags.Name.slice(infraId.length + 1), other] as const;
    });
    return new TypeOrder(new Map(keyed), order);
  }

  /** Declares a machine with its type, which it has when it may be stopped for it. */
  declare<Machine extends pulumi.Resource>(machine: string, type: string, make: (type: pulumi.Input<string>) => Machine): Machine {
    const { order } = this;
    const other = this.others.get(machine);
    if (order === undefined || other === undefined) return make(type);
    const member = { machine, node: other.node };
    let boot: string | undefined;
    const failed = this.last.then(async (earlier) => earlier || !(await succeeds(async () => (boot = await order.before(member)))));
    const made = make(failed.then((hasFailed) => (hasFailed ? other.type : type)));
    this.last = failed.then(async (hasFailed) => {
      if (hasFailed) return true;
      await known(made.urn); // when it is updated
      return !(await succeeds(() => order.after(member, boot)));
    });
    return made;
  }

  /** Resolves when nothing is waited for any more. */
  get settled(): Promise<unknown> {
    return this.last;
  }
}

/** Whether something comes to a good end; else the update ends with its error. */
async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    await pulumi.log.error(error instanceof Error ? error.message : String(error));
    return false;
  }
}
