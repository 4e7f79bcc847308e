import type { ApiObject } from "../object";

/** The Secret with which all nodes pull images, without its content. */
export const PULL_SECRET: ApiObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "pull-secret", namespace: "openshift-config" },
};

/** The Secret's key. */
export const PULL_SECRET_FIELD = ".dockerconfigjson";
