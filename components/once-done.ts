import * as pulumi from "@pulumi/pulumi";
import { idOf, valueIfKnown } from "../lib/pulumi/known-value";

/**
 * An input that becomes known once resources are done, so that the resource with this input is created after them. In a preview it is known
 * at once; in an update it does not wait for resources that the update leaves out.
 *
 * A dependency would not do: a destroy follows dependencies in reverse and would delete one instance after the other, and the Pulumi engine
 * leaves out of an update whatever depends on a left-out resource.
 */
export function onceDone<T>(value: pulumi.Input<T>, resources: readonly pulumi.Resource[]): pulumi.Output<pulumi.Unwrap<T>> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(value);
  const done = Promise.all(resources.map((resource) => valueIfKnown(idOf(resource)))).then(() => undefined);
  return pulumi.all([value, done]).apply(([ready]) => ready);
}
