import { key, map } from "../key";
import { tagProblems } from "./fields";

/** Keys for the tags of AWS resources. */
export const tagKeys = {
  tags: key(map(tagProblems), {
    description:
      "Tags of every resource, including the load balancers, volumes, buckets and users that the cluster creates. A later change has no effect on resources that the cluster creates: its operators keep the tags of the installation.",
    allowed:
      "up to 25 tags of ASCII letters, digits, spaces (from release 4.18) and _ . : / = + - @; not Name, and no keys of aws:, kubernetes.io and openshift.io",
    example: '{"team": "platform"}',
    source: "AWS (tagging); OpenShift (platform.aws.userTags and propagateUserTags; Infrastructure resourceTags)",
    whenEmpty: "only the tags that the cluster needs",
  }),
} as const;
