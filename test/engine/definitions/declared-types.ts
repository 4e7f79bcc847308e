import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { projectDirectory } from "@okd-aws/sandbox";

/** Types of all AWS resources that the program can declare: every `new aws.<module>.<Class>` in its source. */
export function declaredTypes(): string[] {
  const found = new Set<string>();
  for (const directory of ["components", "stacks"]) {
    for (const file of readdirSync(join(projectDirectory, directory), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(projectDirectory, directory, file), "utf8");
      for (const [, module, name] of text.matchAll(/\bnew aws\.([a-z0-9]+)\.([A-Za-z0-9]+)\(/g)) found.add(typeOf(module, name));
    }
  }
  return [...found].sort();
}

function typeOf(module: string, name: string): string {
  const classes = (aws as unknown as Record<string, Record<string, { readonly __pulumiType?: string }>>)[module];
  const type = classes[name].__pulumiType;
  if (type === undefined) throw new Error(`aws.${module}.${name} is not a resource`);
  return type;
}
