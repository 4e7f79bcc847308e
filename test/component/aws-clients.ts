/** AWS's own clients, where the program asks by them what the provider has no function for: answered by the test, as the provider's functions are. */
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

/** Who answers the program that runs next. */
export function answerAwsClients(by: Answer): void {
  answer = by;
}
