/** The part of a plugin's schema that says which changes replace a resource. */
export interface PluginSchema {
  readonly resources?: Readonly<Record<string, { readonly inputProperties?: Properties }>>;
  readonly types?: Readonly<Partial<Record<string, { readonly properties?: Properties }>>>;
}

type Properties = Readonly<Record<string, Property>>;
interface Property {
  readonly willReplaceOnChanges?: boolean;
  readonly $ref?: string;
  readonly items?: Property;
}

/**
 * For each wanted type, the paths of the properties whose change replaces the resource, without list indexes. Types that the schema does
 * not have are omitted.
 */
export function distillForcing({ resources = {}, types = {} }: PluginSchema, wanted: readonly string[]): Record<string, string[]> {
  const pathsOf = (properties: Properties, prefix: string, above: readonly string[]): string[] =>
    Object.entries(properties).flatMap(([name, property]) => {
      if (property.willReplaceOnChanges === true) return [`${prefix}${name}`];
      const ref = (property.items?.$ref ?? property.$ref)?.replace("#/types/", "");
      const inner = ref === undefined || above.includes(ref) ? undefined : types[ref]?.properties;
      return inner === undefined || ref === undefined ? [] : pathsOf(inner, `${prefix}${name}.`, [...above, ref]);
    });
  return Object.fromEntries(
    [...wanted]
      .sort()
      .flatMap((type): [string, string[]][] =>
        type in resources ? [[type, pathsOf(resources[type].inputProperties ?? {}, "", []).sort()]] : [],
      ),
  );
}
