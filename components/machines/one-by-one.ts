import * as pulumi from "@pulumi/pulumi";
import { ClusterClient } from "../../operations/authentication/cluster-client";
import { OneByOne } from "../../operations/nodes/one-by-one";
import { known } from "../known";

/** What the provider stops a machine for (hashicorp/terraform-provider-aws, `internal/service/ec2/ec2_instance.go`), as far as the configuration has it. */
const stopping = ["instanceType"] as const;

/**
 * Has the machines of an installed control plane changed one after the other, where that stops them: the engine would stop all at the same time, and etcd with them.
 *
 * @param kubeconfig the administrator's
 */
export function oneByOne(name: string, kubeconfig: pulumi.Output<string>): pulumi.ResourceHookBinding {
  const order = new OneByOne({
    client: async () => {
      const text = await known(kubeconfig);
      if (text === undefined) throw new Error("the kubeconfig isn't known");
      return new ClusterClient(text);
    },
    warn: (text) => void pulumi.log.warn(text),
  });
  return {
    beforeUpdate: [
      async (args) => {
        const [before, after, { privateDns }] = [args.oldInputs, args.newInputs, args.oldOutputs] as [Values, Values, Values];
        if (stopping.some((field) => before[field] !== after[field])) await order.before(args.name, String(privateDns));
      },
    ],
    afterUpdate: [(args) => order.after(args.name)],
    onError: [
      new pulumi.ErrorHook(`${name}-not-changed`, ({ name: machine }) => {
        order.failed(machine);
        return false;
      }),
    ],
  };
}

type Values = Readonly<Record<string, unknown>>;
