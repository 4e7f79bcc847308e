import * as pulumi from "@pulumi/pulumi";

/** What every Output carries, though its public type doesn't say so (pulumi/pulumi, `sdk/nodejs/output.ts`). */
interface OutputInternals<T> {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * The value of an output, or undefined where a preview can't know it yet: for the few facts that decide which resources
 * are declared at all.
 */
export async function known<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const internals = output as unknown as OutputInternals<T>;
  return (await internals.isKnown) ? internals.promise() : undefined;
}

/** A custom resource's id, which is known when the resource stands; a component has none. */
export function idOf(resource: pulumi.Resource): pulumi.Output<string> {
  return pulumi.CustomResource.isInstance(resource) ? resource.id : pulumi.output("");
}
