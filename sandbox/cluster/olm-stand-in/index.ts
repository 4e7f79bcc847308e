/** Entry point `@okd-aws/sandbox/cluster/olm-stand-in`: a stand-in for the Operator Lifecycle Manager, versions 0 and 1. */
export { operatorDefinitions } from "./definitions";
export { catalogInImage, type OlmBundle, type OlmCatalog } from "./catalog";
export { ClusterOlm } from "./running";
export { isOutdated, OlmStandIn } from "./stand-in";
export { OWNER_NAME } from "./v1/bundle-objects";
export { extensionDefinitions } from "./v1/definitions";
export type { V1Catalog } from "./v1/objects";
export { ExtensionStandIn } from "./v1/stand-in";
