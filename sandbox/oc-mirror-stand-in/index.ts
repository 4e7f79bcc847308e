/** Entry point `@okd-aws/sandbox/oc-mirror-stand-in`: images, a client of registries, and the objects that oc-mirror writes for a cluster. */
export { clusterResourceFiles } from "./cluster-resources";
export { blobDigest, imageOf } from "./copy";
export { Registry } from "./registry";
