import * as pulumi from "@pulumi/pulumi";
import { idOf, known } from "./known";

/**
 * An input that is known once resources are done, so that what has it is created after them. At once in a preview, and as far as an update leaves
 * one of them out.
 *
 * Not by a dependency: destroying would then follow the opposite order, one machine after the other, and the engine would leave out of an update
 * whatever depends on what is left out.
 */
export function onceDone<T>(value: pulumi.Input<T>, resources: readonly pulumi.Resource[]): pulumi.Output<pulumi.Unwrap<T>> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(value);
  const done = Promise.all(resources.map((resource) => known(idOf(resource)))).then(() => undefined);
  return pulumi.all([value, done]).apply(([ready]) => ready);
}
