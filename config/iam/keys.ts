import { arnProblem } from "../arn";
import { key, text } from "../key";
import { iamRoleNameProblem } from "./fields";

const ROLE = {
  allowed: "the name (not the ARN) of an IAM role that EC2 can assume",
  source: "AWS (IAM)",
  whenEmpty: "a role is created",
} as const;

/** Keys for the instances' IAM roles. */
export const iamKeys = {
  permissionsBoundaryArn: key(text(arnProblem("policy")), {
    description: "Permissions boundary of every IAM role that the program creates.",
    allowed: "the ARN of an IAM policy",
    example: "arn:aws:iam::123456789012:policy/boundary",
    source: "AWS (IAM)",
    whenEmpty: "none",
  }),
  masterRoleName: key(text(iamRoleNameProblem), {
    ...ROLE,
    description: "Existing role of the control plane; the program creates only an instance profile for it.",
    example: "okd-master",
  }),
  workerRoleName: key(text(iamRoleNameProblem), {
    ...ROLE,
    description: "Existing role of the workers and infra nodes.",
    example: "okd-worker",
  }),
  bootstrapRoleName: key(text(iamRoleNameProblem), {
    ...ROLE,
    description: "Existing role of the bootstrap instance; it must be allowed to read the ignition bucket.",
    example: "okd-bootstrap",
  }),
} as const;
