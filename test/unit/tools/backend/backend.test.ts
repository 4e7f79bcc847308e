/** `make backend` with a KMS key that cannot be used, and with policies whose names another stack may also use. */
import { EntityAlreadyExistsException, NoSuchEntityException } from "@aws-sdk/client-iam";
import { NotFoundException } from "@aws-sdk/client-kms";
import { type BackendClients, makeBackend } from "../../../../tools/backend/backend";

/** A command of the SDK. */
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, string | undefined>>;
}

type Answer = (name: string, input: Readonly<Record<string, string | undefined>>) => object | undefined;

const $metadata = {};
const keyArn = "arn:aws:kms:us-east-1:111122223333:key/a";
const usable = { Arn: keyArn, KeyState: "Enabled", KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" };

/** An account in memory, with the calls that `make backend` needs. */
class Account {
  readonly calls: string[] = [];
  readonly said: string[] = [];
  /** Documents by the policy's name. IAM does not distinguish names that differ only in case. */
  readonly policies = new Map<string, string>();
  /** The key of every alias. */
  key: object = usable;

  private client(answer: Answer): never {
    const send = (command: Command) => {
      this.calls.push(command.constructor.name);
      return Promise.resolve().then(() => answer(command.constructor.name, command.input) ?? {});
    };
    return { send, config: {} } as never;
  }

  readonly clients: BackendClients = {
    s3: this.client((name) => (name === "GetBucketTaggingCommand" ? { TagSet: [] } : { KeyCount: 1 })),
    kms: this.client((name, { KeyId }) => {
      if (name === "CreateKeyCommand") return { KeyMetadata: { Arn: "arn:new", KeyId: "new" } };
      if (name !== "DescribeKeyCommand") return {};
      if (KeyId?.startsWith("alias/") !== true) throw new NotFoundException({ message: "no such alias", $metadata });
      return { KeyMetadata: this.key };
    }),
    iam: this.client((name, { PolicyName, PolicyArn, PolicyDocument }) => {
      const wanted = PolicyName ?? PolicyArn?.split("/").at(-1) ?? "";
      if (name === "CreatePolicyCommand") {
        if ([...this.policies.keys()].some((one) => one.toLowerCase() === wanted.toLowerCase()))
          throw new EntityAlreadyExistsException({ message: "exists", $metadata });
        this.policies.set(wanted, PolicyDocument ?? "");
      }
      const document = this.policies.get(wanted);
      if (document === undefined) throw new NoSuchEntityException({ message: "no such policy", $metadata });
      if (name === "CreatePolicyVersionCommand") this.policies.set(wanted, PolicyDocument ?? "");
      return { Policy: { DefaultVersionId: "v1" }, PolicyVersion: { Document: encodeURIComponent(document) }, Versions: [] };
    }),
  };

  make(bucket: string, ...stacks: string[]) {
    const request = { region: "us-east-1", accountId: "111122223333", bucket, stacks, adopt: true };
    return makeBackend(request, this.clients, (line) => this.said.push(line));
  }
}

test.each([
  ["disabled", { ...usable, KeyState: "Disabled" }, `is Disabled. Enable it: aws kms enable-key --region us-east-1 --key-id ${keyArn}`],
  [
    "being deleted",
    { ...usable, KeyState: "PendingDeletion", DeletionDate: new Date("2026-12-24T00:00:00Z") },
    "is PendingDeletion: AWS deletes it at 2026-12-24T00:00:00.000Z, and then the secrets of all states are lost. Keep it: " +
      `aws kms cancel-key-deletion --region us-east-1 --key-id ${keyArn}, and then aws kms enable-key --region us-east-1 --key-id ${keyArn}`,
  ],
  ["without material", { ...usable, KeyState: "PendingImport" }, "is PendingImport, not Enabled"],
  ["in a key store that is not connected", { ...usable, KeyState: "Unavailable" }, "is Unavailable, not Enabled"],
  [
    "for signatures",
    { ...usable, KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" },
    "has the key spec ECC_NIST_P256, but states need a symmetric key",
  ],
])("make backend changes nothing if the KMS key cannot be used: a key that is %s", async (_, key, why) => {
  const account = new Account();
  account.key = key;
  await expect(account.make("states", "dev")).rejects.toThrow(`the key alias/states (${keyArn}) ${why}`);
  expect(account.calls.filter((name) => !/^(Describe|Get|Head|List)/.test(name))).toEqual([]);
});

test("stacks of two backends with similar names have different policies", async () => {
  const account = new Account();
  const [one] = (await account.make("states", "dev-x")).stacks;
  const first = account.policies.get(one.policies.deploy.split("/")[1]);
  const [other] = (await account.make("states-dev", "x")).stacks;
  expect(new Set([one, other].flatMap(({ policies }) => Object.values(policies))).size).toBe(4);
  expect(account.policies.get(one.policies.deploy.split("/")[1])).toBe(first);
  expect(account.policies.size).toBe(4);
});

test("a stack whose name differs from another one's only in case is refused, because IAM's names ignore case", async () => {
  const account = new Account();
  await account.make("states", "dev");
  await expect(account.make("states", "Dev")).rejects.toThrow(
    "IAM has a policy whose name differs from states.Dev.deploy only in case: choose another name for the stack",
  );
});

test("policies of earlier versions of this project are reported, and policies of another backend are not", async () => {
  const account = new Account();
  const about = (bucket: string) => JSON.stringify({ Statement: [{ Resource: [`arn:aws:s3:::${bucket}/x`, "arn:aws:s3:::*-assets/*"] }] });
  account.policies.set("states-dev-deploy", about("states"));
  account.policies.set("states-dev-dev-plan", about("states"));
  await account.make("states-dev", "dev");
  expect(account.said.filter((line) => line.includes("former"))).toEqual([]);
  await account.make("states", "dev");
  expect(account.said.filter((line) => line.includes("former"))).toEqual([
    "the policy states-dev-deploy of a former version is no longer kept up to date: give its roles states.dev.deploy, and delete it",
  ]);
});
