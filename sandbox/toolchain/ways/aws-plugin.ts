import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyTree } from "../copy-tree";
import { run } from "../run";
import { moduleDirectory, type GeneratedSources, type PreparedBuild } from "./go";
import { trimProvider } from "./trim-provider";

/** The Terraform provider as a module that can be imported; its checksums are in the go.sum next to the plugin's go.mod. */
const PROVIDER = "github.com/upbound/terraform-provider-aws@v0.0.0-20260305123303-f7691456b787";

/** The AWS services that this project's program uses, and the services that these need. */
const SERVICES = [
  ...["account", "acm", "cloudfront", "cloudwatch", "ec2", "efs", "elbv2", "iam", "kms", "logs", "meta", "organizations", "route53"],
  ...["s3", "s3control", "secretsmanager", "servicequotas", "ssm", "sts", "wafv2"],
];

/**
 * The sources of the aws plugin: the Terraform provider, cut down to the services above, in `./upstream` (as the module's go.mod names it),
 * and the schema that the bridge generates from it.
 */
export const awsPluginSources: GeneratedSources = { pins: [PROVIDER, ...SERVICES], make };

async function make(build: PreparedBuild): Promise<void> {
  const provider = await moduleDirectory(build, PROVIDER);
  const upstream = join(build.directory, "upstream");
  for (const directory of ["internal", "names", "version", "xpprovider"])
    await copyTree(join(provider, directory), join(upstream, directory));
  for (const file of ["go.mod", "go.sum", "main.go"]) await writeFile(join(upstream, file), await readFile(join(provider, file)));
  for (const [file, source] of Object.entries(trimProvider(provider, SERVICES))) await writeFile(join(upstream, file), source);

  // The generator embeds the metadata file that it is about to write, so an empty one must exist first.
  const metadata = join(build.directory, "bridge-metadata.json");
  await writeFile(metadata, "{}\n");
  const generator = join(build.context.scratch, "pulumi-tfgen-aws");
  const schema = join(build.context.scratch, "schema");
  await build.go("build", "-ldflags", "-s -w", "-o", generator, "./cmd/pulumi-tfgen-aws");
  await run(generator, ["schema", "--skip-docs", "--skip-examples", "--out", schema], {
    cwd: build.directory,
    environment: build.context.environment,
  });
  await copyFile(join(schema, "bridge-metadata.json"), metadata);
  await copyFile(join(schema, "schema.json"), join(build.directory, "cmd", "pulumi-resource-aws", "schema.json"));
}
