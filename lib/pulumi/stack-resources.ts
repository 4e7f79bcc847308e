import { listValue, type Resource, textValue } from "./resource";

/** A stack's resources and their references: by the IDs in their inputs, or, while these are unknown, by the resources from which the inputs are computed. */
export class StackResources {
  private readonly byUrn: ReadonlyMap<string, Resource>;
  private readonly byId = new Map<string, Resource>();

  constructor(private readonly resources: readonly Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      // An ID is unique only within its type.
      for (const id of [resource.id, textValue(resource.outputs?.arn), textValue(resource.outputs?.name)])
        if (id !== undefined) this.byId.set(`${resource.type} ${id}`, resource);
    }
  }

  /** The resources of a type, sorted by URN. */
  all(type: RegExp): readonly Resource[] {
    return this.resources.filter((resource) => type.test(resource.type)).sort((one, other) => (one.urn < other.urn ? -1 : 1));
  }

  /** The resource to which the input `property` refers, if it has the given type. */
  referenced(resource: Resource, property: string, type: string): Resource | undefined {
    return this.allReferenced(resource, property, type).at(0);
  }

  /** The resources of the given type to which the input `property`, a single value or a list, refers. */
  allReferenced({ inputs, propertyDependencies }: Resource, property: string, type: string): readonly Resource[] {
    const values = [inputs[property]].flat().flatMap((value) => textValue(value) ?? []);
    const byId = values.flatMap((value) => this.byId.get(`${type} ${value}`) ?? []);
    if (byId.length > 0) return byId;
    return listValue(propertyDependencies?.[property]).flatMap((urn) => {
      const found = this.byUrn.get(String(urn));
      return found?.type === type ? [found] : [];
    });
  }
}
