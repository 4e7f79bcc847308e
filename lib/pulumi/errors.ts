import semver from "semver";
import { withExplanations, messageOf } from "../aws/errors";

/** Explanations of messages of Pulumi's command line. Sources of the texts: pulumi/pulumi, `pkg/secrets/passphrase` and `pkg/backend`. */
const meanings: readonly { readonly pattern: RegExp; readonly problem: string; readonly fix: string }[] = [
  {
    pattern: /\bincorrect passphrase\b/,
    problem: "PULUMI_CONFIG_PASSPHRASE is not the passphrase that this stack was created with.",
    fix: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the right passphrase. Then run the same command again.",
  },
  {
    pattern: /\bpassphrase must be set with PULUMI_CONFIG_PASSPHRASE\b/,
    problem: "the passphrase for the secrets of this stack is not set.",
    fix: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE. Then run the same command again.",
  },
  {
    pattern: /\bspawn pulumi ENOENT\b|\bfailed to execute pulumi\b|\bpulumi: (?:command )?not found\b/,
    problem: "pulumi is not on the PATH.",
    fix: 'In a shell for the sandbox, run "source .sandbox/env". Otherwise install it (https://www.pulumi.com/docs/install/) and add its directory to PATH. Then run the same command again.',
  },
  {
    pattern: /\bno stack named '[^'\n]{0,200}' found\b/,
    problem: "the stack does not exist in this backend.",
    fix: '"pulumi stack ls" lists the stacks and "pulumi whoami -v" shows the backend. "pulumi stack init <stack>" creates one.',
  },
  {
    pattern: /\bcurrently locked by\b|Another update is currently in progress/,
    problem: "another update of this stack is running, or one was killed.",
    fix: 'Wait until it ends. If it was killed, "make up" or "make destroy" continues it; from another machine, run "pulumi cancel --stack <stack>" first.',
  },
];

/** The message of an error that ended a command, with problem and fix if it is a known error of Pulumi or AWS. */
export function finalMessage(error: unknown): string {
  const said = commandOutput(messageOf(error));
  const meaning = meanings.find(({ pattern, problem }) => pattern.test(said) && !said.includes(problem));
  return meaning === undefined ? withExplanations(said) : `${said}\n\nProblem: ${meaning.problem}\nFix: ${meaning.fix}`;
}

/** The error that Pulumi printed, taken from the automation API's message about a failed command. That message adds exit code, command line and stack trace (@pulumi/pulumi, `automation/cmd.ts`). */
function commandOutput(message: string): string {
  if (!/^code: -?\d+\n stdout: /.test(message)) return message;
  const printed = message.split("\n err?: ", 1)[0] ?? message;
  const errors = printed.split("\n").filter((line) => /^(?:error: |setsid: )/.test(line));
  return errors.length > 0 ? errors.join("\n") : message;
}

/**
 * Checks that the Pulumi engine is not older than the SDK that this project is built with.
 *
 * @param found version of the `pulumi` on the PATH; undefined if it is unknown.
 */
export function refuseOldEngine(found: string | undefined, required: string): void {
  if (found === undefined || semver.gte(found, required)) return;
  throw new Error(
    `Problem: pulumi ${found} on the PATH is older than ${required}, which this project needs.\nFix: Install a newer one: https://www.pulumi.com/docs/install/. Then run the same command again.`,
  );
}
