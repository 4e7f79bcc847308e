/**
 * A mock of AWS's own clients, which the program uses where the provider has no function. The test gives its answers as functions, like the answers
 * of the provider's functions.
 */
type Answer = (question: string, inputs: Record<string, unknown>) => Record<string, unknown>;

let answer: Answer | undefined;

jest.doMock("@aws-sdk/client-s3-control", () => ({
  GetPublicAccessBlockCommand: class {
    constructor(readonly input: Record<string, unknown>) {}
  },
  S3ControlClient: class {
    send({ input }: { input: Record<string, unknown> }) {
      return Promise.resolve().then(() => answer?.("s3control:GetPublicAccessBlock", input));
    }
    destroy() {
      return undefined;
    }
  },
}));

jest.doMock("@aws-sdk/client-efs", () => {
  const command = (question: string) =>
    class {
      readonly question = question;
      constructor(readonly input: Record<string, unknown>) {}
    };
  return {
    DescribeFileSystemsCommand: command("efs:DescribeFileSystems"),
    DescribeMountTargetsCommand: command("efs:DescribeMountTargets"),
    DescribeMountTargetSecurityGroupsCommand: command("efs:DescribeMountTargetSecurityGroups"),
    DescribeFileSystemPolicyCommand: command("efs:DescribeFileSystemPolicy"),
    EFSClient: class {
      send({ question, input }: { question: string; input: Record<string, unknown> }) {
        return Promise.resolve().then(() => answer?.(question, input));
      }
      destroy() {
        return undefined;
      }
    },
  };
});

/** Sets the function that answers AWS's clients in the next program. */
export function answerAwsClients(by: Answer): void {
  answer = by;
}
