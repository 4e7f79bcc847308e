/** Entry point `@okd-aws/sandbox/cluster/olm-stand-in`: a stand-in for version 0 of the Operator Lifecycle Manager. */
export { operatorDefinitions } from "./definitions";
export { catalogInImage, type OlmBundle, type OlmCatalog } from "./catalog";
export { isOutdated, OlmStandIn } from "./stand-in";
