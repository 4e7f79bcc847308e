import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from "@aws-sdk/client-iam";
import { sandboxClientConfiguration } from "../../aws/client";
import type { BootstrapConfig } from "../bootstrap-config";

/** A statement of a CredentialsRequest. */
export interface RequestedStatement {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: string;
  readonly policyCondition?: object;
}

/** An access key. */
export interface KeyPair {
  readonly id: string;
  readonly secret: string;
}

/**
 * The IAM user of one CredentialsRequest, with its policy and tags (openshift/cloud-credential-operator, `pkg/aws/actuator/actuator.go`:
 * syncMint, tagUser, getDesiredUserPolicy, release-4.19).
 */
export class CredentialsUser {
  private readonly iam: IAMClient;

  constructor(
    private readonly cluster: { readonly infraId: string; readonly region: string },
    private readonly name: string,
  ) {
    this.iam = new IAMClient(sandboxClientConfiguration(cluster.region));
  }

  /** Creates the user unless it exists, and writes its tags and policy. The operator itself adds the right to read the user. */
  async ensure(entries: readonly RequestedStatement[], tags: BootstrapConfig["resourceTags"]): Promise<void> {
    const UserName = this.name;
    const { User } = await this.iam.send(new GetUserCommand({ UserName })).catch(async (error: unknown) => {
      if (!(error instanceof Error && error.name.startsWith("NoSuchEntity"))) throw error;
      return this.iam.send(new CreateUserCommand({ UserName }));
    });
    const Tags = [
      { Key: `kubernetes.io/cluster/${this.cluster.infraId}`, Value: "owned" },
      ...tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ];
    await this.iam.send(new TagUserCommand({ UserName, Tags }));
    const Statement = [...entries, { effect: "Allow", action: ["iam:GetUser"], resource: User?.Arn ?? "" }].map(
      ({ effect, action, resource, policyCondition }: RequestedStatement) => ({
        Effect: effect,
        Action: action,
        Resource: resource,
        ...(policyCondition && { Condition: policyCondition }),
      }),
    );
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await this.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: `${UserName}-policy`, PolicyDocument }));
  }

  async newKeys(): Promise<KeyPair> {
    const { AccessKey } = await this.iam.send(new CreateAccessKeyCommand({ UserName: this.name }));
    return { id: AccessKey?.AccessKeyId ?? "", secret: AccessKey?.SecretAccessKey ?? "" };
  }

  async remove(): Promise<void> {
    const UserName = this.name;
    const { AccessKeyMetadata = [] } = await this.iam.send(new ListAccessKeysCommand({ UserName }));
    for (const { AccessKeyId } of AccessKeyMetadata) await this.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    await this.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: `${UserName}-policy` }));
    await this.iam.send(new DeleteUserCommand({ UserName }));
  }
}
