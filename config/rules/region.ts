import type { Flaw } from "../finding";
import { partitionOf } from "../partition";

/** For example us-east-1, us-gov-west-1, ap-southeast-5. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
const ALLOWED = "the region's code, such as us-east-1";
const SET_REGION = "pulumi config set aws:region us-east-1";

/**
 * Partitions in which machine images of OpenShift and OKD are published (openshift/installer, data/data/coreos); an image can be copied to any region of
 * its own partition, and to no other.
 */
const PARTITIONS_WITH_IMAGES: readonly string[] = ["aws", "aws-us-gov"];

/** Whether a text looks like a region's code. */
export function approvedRegionFlaw(region: string): Flaw | undefined {
  return REGION.test(region) ? undefined : { wrong: "doesn't look like a region" };
}

/** Whether a text can be the region of a cluster. */
export function regionFlaw(region: string | undefined): Flaw | undefined {
  if (region === undefined || region === "") return { wrong: "is not set", allowed: ALLOWED, fix: SET_REGION };
  if (REGION.test(region.slice(0, -1)) && /[a-z]$/.test(region)) {
    return { wrong: "is an availability zone, not a region", allowed: ALLOWED, fix: `pulumi config set aws:region ${region.slice(0, -1)}` };
  }
  if (!REGION.test(region)) return { wrong: "doesn't look like a region", allowed: ALLOWED, fix: SET_REGION };
  if (!PARTITIONS_WITH_IMAGES.includes(partitionOf(region).name)) {
    return {
      wrong: "is a region where no machine image of OpenShift or OKD is published, and to which none can be copied",
      allowed: "a region of the commercial partition or of GovCloud",
      fix: SET_REGION,
    };
  }
  return undefined;
}
