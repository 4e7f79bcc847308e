import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterClient } from "../../operations/authentication/cluster-client";
import { OneByOne } from "../../operations/nodes/one-by-one";
import { known } from "../known";

/** States in which a machine will run, or does. */
const alive = ["pending", "running", "stopping", "stopped"];

/**
 * Has the machines of an installed control plane stopped one after the other, where another type stops them: the engine would stop all at the same time, and
 * etcd with them. Each learns its type when the one before is a member again; where that fails, none after it does.
 */
export class TypeOrder {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    /** Nodes by the machines that are of another type yet. */
    private readonly stopped: ReadonlyMap<string, string>,
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
    return new TypeOrder(new Map(machines.map(({ tags, privateDns }) => [tags.Name.slice(infraId.length + 1), privateDns])), order);
  }

  /** Declares a machine with its type, which it has when it may be stopped for it. */
  declare<Machine extends pulumi.Resource>(machine: string, type: string, make: (type: pulumi.Input<string>) => Machine): Machine {
    const { order } = this;
    const node = this.stopped.get(machine);
    if (order === undefined || node === undefined) return make(type);
    const member = { machine, node };
    const boot = this.last.then(() => order.before(member)).catch(inWords);
    const made = make(boot.then(() => type));
    this.last = boot.then(async (before) => {
      // Known when it is updated.
      await known(made.urn);
      await order.after(member, before).catch(inWords);
    });
    return made;
  }

  /** Resolves when the last one is a member again. */
  get settled(): Promise<unknown> {
    return this.last;
  }
}

/** As its own words, without a stack: it is no defect of the program. */
function inWords(error: unknown): never {
  throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
}
