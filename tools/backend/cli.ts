import { parseArgs } from "node:util";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { regionProblem } from "../../config/region";
import { clientConfiguration } from "../../lib/aws/client";
import { runMain } from "../../lib/run-main";
import { type Backend, makeBackend, policyName } from "./backend";

const usage = `Creates a shared Pulumi backend in S3: a private, encrypted, versioned bucket, a KMS key for secrets, and two IAM policies per stack.

  make backend BUCKET=<name> REGION=<region> STACKS=<stack>,<stack>

or npx tsx tools/backend/cli.ts --bucket <name> --region <region> --stacks <stack>,<stack>
  --adopt    (ADOPT=1) use a bucket of the account that is not empty and not tagged as a backend: its settings are replaced
  --dry-run  show what would be created, create nothing
  --json     print the result as JSON

It can be run again at any time: existing parts are set to the required configuration, and no state is deleted.
Exit code 0: done; 1: failed; 2: wrong arguments.
`;

/** A bucket's name (S3, "Bucket naming rules") without dots: with a dot in the name, TLS fails for virtual-hosted URLs. */
const bucketName = /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/;

/**
 * A stack's name (pulumi/pulumi, `sdk/go/common/tokens/names.go`, master) without dots, so that no stack's object keys begin like another
 * stack's.
 */
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
      : [`BUCKET is ${JSON.stringify(bucket)}; allowed: 3 to 50 lower-case letters, digits and dashes, for example example-okd-state`]),
    ...(stacks.every((stack) => stackName.test(stack))
      ? []
      : [
          `STACKS is ${JSON.stringify(values.stacks)}; allowed: names of letters, digits, "_" and "-", separated by commas, for example dev,prod`,
        ]),
    ...(new Set(stacks.map((stack) => stack.toLowerCase())).size === stacks.length
      ? []
      : [`STACKS is ${JSON.stringify(values.stacks)}; two names differ only in case, but IAM's policy names are not case-sensitive`]),
    ...(regionProblem(region) ? [`REGION is ${JSON.stringify(region)}; allowed: an AWS region, for example us-east-1`] : []),
  ];
  if (wrong.length > 0) {
    process.stderr.write(`${wrong.join("\n")}\n\n${usage}`);
    return 2;
  }
  const configuration = clientConfiguration(region);
  const { Account: accountId = "" } = await new STSClient(configuration).send(new GetCallerIdentityCommand({}));
  if (values["dry-run"]) {
    process.stdout.write(
      `would create in account ${accountId}, ${region}: bucket ${bucket}, key alias/${bucket}, policies ${stacks.map((stack) => `${policyName(bucket, stack, "deploy")} and ${policyName(bucket, stack, "plan")}`).join(", ")}\n`,
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
    `  policy for the deploy role: ${policies.deploy}`,
    `  policy for the plan role:   ${policies.plan}`,
  ]);
  return [`pulumi login '${url}'`, ...parts.flat(), ""].join("\n");
}

if (require.main === module) {
  runMain(main);
}
