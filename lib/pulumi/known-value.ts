import * as pulumi from "@pulumi/pulumi";

/** Members of every Output that its public type does not show (pulumi/pulumi, `sdk/nodejs/output.ts`). */
interface OutputInternals<T> {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * The value of an output, or undefined if a preview does not know it yet. For the few values that decide which resources are declared.
 */
export async function valueIfKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const internals = output as unknown as OutputInternals<T>;
  return (await internals.isKnown) ? internals.promise() : undefined;
}

/** A custom resource's id, which is known once the resource exists; a component has none. */
export function idOf(resource: pulumi.Resource): pulumi.Output<string> {
  return pulumi.CustomResource.isInstance(resource) ? resource.id : pulumi.output("");
}
