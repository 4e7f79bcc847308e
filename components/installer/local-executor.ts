import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { runHere } from "./run-here";
import { type StepAnswer, type DeclaredStep, type Executor, type InstallerStep, supervisedInput } from "./executor";

/** Runs steps on the machine that runs Pulumi, with the tools in its PATH. */
export class LocalExecutor implements Executor {
  run(name: string, step: InstallerStep, opts: pulumi.CustomResourceOptions): DeclaredStep {
    const resource = new command.local.Command(
      name,
      {
        create: `bash -s -- ${name}`,
        stdin: pulumi.secret(step.input).apply((input) => supervisedInput(step, input)),
        environment: { ...step.environment },
        triggers: [...step.triggers],
        // The answer contains the cluster's keys: it is neither logged nor passed to the next run.
        logging: step.progress === true ? command.local.Logging.Stderr : command.local.Logging.None,
        addPreviousOutputInEnv: false,
      },
      pulumi.mergeOptions(opts, {
        additionalSecretOutputs: ["stdout"],
        ...(step.frozen && { ignoreChanges: ["create", "stdin", "environment", "triggers", "logging", "addPreviousOutputInEnv"] }),
      }),
    );
    // If an update leaves the step out (`--target`, `--exclude`), the command has no output.
    const answer = resource.stdout.apply((text?: string) => text ?? "");
    return { resource, answer, triggers: resource.triggers as pulumi.Output<string[] | undefined> };
  }

  answerNow(name: string, step: InstallerStep): Promise<StepAnswer> {
    return runHere(name, step);
  }
}
