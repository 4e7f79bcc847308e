import { isIP } from "node:net";
import type { ValueProblem } from "./problem";

/** Reserved starts and ends of bucket names (S3 user guide, "General purpose bucket naming rules"). */
export const RESERVED_STARTS = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Checks the name of a bucket. */
export function bucketProblem(name: string): ValueProblem | undefined {
  if (/^s3:\/\//.test(name)) return { wrong: "is a URL", instead: name.replace(/^s3:\/\//, "").split("/")[0] ?? "" };
  const sound = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") && isIP(name) === 0;
  if (!sound) return { wrong: "is not a valid name of a bucket" };
  const start = RESERVED_STARTS.find((each) => name.startsWith(each));
  if (start !== undefined) return { wrong: `is not a valid name of a bucket: names can't start with ${start}` };
  const end = RESERVED_ENDS.find((each) => name.endsWith(each));
  return end === undefined ? undefined : { wrong: `is not a valid name of a bucket: names can't end with ${end}` };
}
