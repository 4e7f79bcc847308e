import { infraId } from "./installer-answers";
import type { AwsAnswers } from "./program";

/** An account in which the cluster is installed. */
export const installedAccount: AwsAnswers = {
  "aws:ec2/getInstances:getInstances": () => ({ ids: ["i-0123456789abcdef0"] }),
  "aws:ec2/getInstance:getInstance": ({ instanceId }) => ({
    id: instanceId,
    tags: { Name: `${infraId}-master-0` },
    privateDns: "node-0",
    instanceType: "m6i.xlarge",
    launchTime: "2026-01-01T00:00:00Z",
  }),
  "aws:ssm/getParametersByPath:getParametersByPath": () => ({
    names: ["bootstrap-destroyed", "installed"].map((milestone) => `/okd/${infraId}/${milestone}`),
  }),
};
