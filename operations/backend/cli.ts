import { parseArgs } from "node:util";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { regionProblem } from "../../config/rules/region";
import { clientConfiguration } from "../aws-client";
import { runMain } from "../run-main";
import { type Backend, makeBackend, policyName } from "./backend";

const usage = `Makes the place where a team keeps its stacks: a private, encrypted, versioned bucket, a KMS key for secrets, and two policies for each stack.

  make backend BUCKET=<name> REGION=<region> STACKS=<stack>,<stack>

or npx tsx operations/backend/cli.ts --bucket <name> --region <region> --stacks <stack>,<stack>
  --adopt    (ADOPT=1) takes a bucket of the account that holds something and isn't tagged as a backend: its settings are replaced
  --dry-run  says what would be there, and makes nothing
  --json     the result as JSON

It can be run again at any time: what is there is set as it has to be, and no state is deleted.
Exit code 0: done; 1: failed; 2: wrong arguments.
`;

/** S3, "Bucket naming rules", and without dots, which break TLS for virtual hosts. */
const bucketName = /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/;

/** Pulumi's names of stacks (pulumi/pulumi, `sdk/go/common/tokens/names.go`, master) without dots, so that the objects of one stack never have the beginning of another one's. */
const stackName = /^[A-Za-z0-9_-]{1,60}$/;

async function main(): Promise<number> {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    options: { bucket: text, region: text, stacks: text, "dry-run": flag, adopt: flag, json: flag, help: flag },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { bucket, region } = values;
  const stacks = values.stacks.split(",").map((stack) => stack.trim());
  const wrong = [
    ...(bucketName.test(bucket)
      ? []
      : [`BUCKET is ${JSON.stringify(bucket)}; allowed: 3 to 50 lower-case letters, digits and dashes, for instance example-okd-state`]),
    ...(stacks.every((stack) => stackName.test(stack))
      ? []
      : [
          `STACKS is ${JSON.stringify(values.stacks)}; allowed: names of letters, digits, "_" and "-", with commas between them, for instance dev,prod`,
        ]),
    ...(new Set(stacks.map((stack) => stack.toLowerCase())).size === stacks.length
      ? []
      : [
          `STACKS is ${JSON.stringify(values.stacks)}; two of them are the same but for case, which IAM does not tell apart in names of policies`,
        ]),
    ...(regionProblem(region) ? [`REGION is ${JSON.stringify(region)}; allowed: a region of AWS, for instance us-east-1`] : []),
  ];
  if (wrong.length > 0) {
    process.stderr.write(`${wrong.join("\n")}\n\n${usage}`);
    return 2;
  }
  const configuration = clientConfiguration(region);
  const { Account: accountId = "" } = await new STSClient(configuration).send(new GetCallerIdentityCommand({}));
  if (values["dry-run"]) {
    process.stdout.write(
      `would make, in account ${accountId}, ${region}: bucket ${bucket}, key alias/${bucket}, policies ${stacks.map((stack) => `${policyName(bucket, stack, "deploy")} and ${policyName(bucket, stack, "plan")}`).join(", ")}\n`,
    );
    return 0;
  }
  const clients = { s3: new S3Client(configuration), kms: new KMSClient(configuration), iam: new IAMClient(configuration) };
  const backend = await makeBackend({ region, accountId, bucket, stacks, adopt: values.adopt }, clients, (line) =>
    process.stderr.write(`${line}\n`),
  );
  process.stdout.write(values.json ? `${JSON.stringify(backend)}\n` : inWords(backend));
  return 0;
}

function inWords({ url, stacks }: Backend): string {
  const parts = stacks.map(({ stack, secretsProvider, policies }) => [
    "",
    `pulumi stack init ${stack} --secrets-provider '${secretsProvider}'`,
    `  policy of the role that deploys: ${policies.deploy}`,
    `  policy of the role that plans:   ${policies.plan}`,
  ]);
  return [`pulumi login '${url}'`, ...parts.flat(), ""].join("\n");
}

if (require.main === module) {
  runMain(main);
}
