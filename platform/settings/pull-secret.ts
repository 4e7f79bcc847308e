import type { ApiObject } from "../object";

/** What every node pulls images with; without its content. */
export const PULL_SECRET: ApiObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "pull-secret", namespace: "openshift-config" },
};

/** The secret's field. */
export const PULL_SECRET_FIELD = ".dockerconfigjson";
