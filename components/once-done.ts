import * as pulumi from "@pulumi/pulumi";
import { idOf, valueIfKnown } from "../lib/pulumi/known-value";

/**
 * Returns an input that becomes known only when the given resources are created or updated. So Pulumi creates the resource with this input after
 * them. In a preview the input is known at once. In an update it does not wait for resources that the update leaves out.
 *
 * `dependsOn` would not do. A destroy deletes dependents first, so it would delete one instance after the other. And if an update leaves a
 * resource out, the Pulumi engine also leaves out its dependents.
 */
export function onceDone<T>(value: pulumi.Input<T>, resources: readonly pulumi.Resource[]): pulumi.Output<pulumi.Unwrap<T>> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(value);
  const done = Promise.all(resources.map((resource) => valueIfKnown(idOf(resource)))).then(() => undefined);
  return pulumi.all([value, done]).apply(([ready]) => ready);
}
