/** A plugin's schema, as far as it says what makes another resource. */
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

/** Paths of the properties of some types whose change makes another resource, without indexes of lists. A type that the schema doesn't have is left out. */
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
