import { shardNameProblem } from "../ingress/fields";
import { flag, key, list } from "../key";

/** Keys of the example application. */
export const exampleApplicationKeys = {
  exampleApplication: key(flag(false), {
    description:
      "Whether the cluster runs a guestbook with a PostgreSQL database: an example of an application, which make smoke tests. A change to false deletes the guestbook with all entries.",
    example: "true",
    source: "this project",
  }),
  exampleApplicationShards: key(list(shardNameProblem, { max: 10 }), {
    description: "Router shards through which the guestbook is reached. One namespace must match the selectors of all of them.",
    allowed: "names of items of routerShards",
    example: '["public","private"]',
    source: "this project",
    whenEmpty: "all shards; the default router if there are none",
  }),
};
