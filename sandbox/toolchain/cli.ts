import { ensureToolchain, OPTIONAL_TOOL_NAMES, pinnedVersion, TOOL_NAMES, ToolchainError, type ToolName } from ".";
import { lineOf } from "./report";

const HELP = `Makes sure that the sandbox's tools are present in their pinned versions, and prints where each of them is.

  npx tsx sandbox/toolchain/cli.ts [--json] [--check] [--retry] [TOOL...]

  --json    prints the paths as JSON on standard output (path, tools, environment), and progress on standard error
  --check   only looks for the tools; downloads and builds nothing
  --retry   where a stand-in is used: asks the vendor again, even if it could not be reached within the last day

Each tool is looked for in $OKD_TOOLCHAIN (a directory), on PATH (only in an accepted version) and in the cache
($XDG_CACHE_HOME/okd-aws/toolchain, by default ~/.cache/okd-aws/toolchain). A tool that is in none of them is downloaded from its
vendor and checked against the vendor's checksum, or built from Go modules. Exit code 0: all tools are present; 1: some are missing;
2: wrong arguments.

Tools (all of them by default): ${TOOL_NAMES.join(", ")}
Optional tools, which the sandbox gets when it needs them: ${OPTIONAL_TOOL_NAMES.join(", ")}
`;

interface Arguments {
  readonly flags: ReadonlySet<string>;
  readonly names: readonly ToolName[];
  readonly wrong: readonly string[];
}

function parse(args: readonly string[]): Arguments {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const names = args.filter((arg) => !arg.startsWith("-"));
  const isTool = (name: string): name is ToolName => ([...TOOL_NAMES, ...OPTIONAL_TOOL_NAMES] as readonly string[]).includes(name);
  const wrong = [
    ...flags.filter((flag) => !["--json", "--check", "--retry", "--help", "-h"].includes(flag)).map((flag) => `${flag} is not an option`),
    ...names.filter((name) => !isTool(name)).map((name) => `${name} is not a tool of this project`),
  ];
  return { flags: new Set(flags), names: names.filter(isTool), wrong };
}

async function main(args: readonly string[]): Promise<number> {
  const { flags, names, wrong } = parse(args);
  if (flags.has("--help") || flags.has("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  if (wrong.length > 0) {
    process.stderr.write(`${wrong.join("\n")}\n\n${HELP}`);
    return 2;
  }
  const json = flags.has("--json");
  const say = json ? process.stderr : process.stdout;
  try {
    const toolchain = await ensureToolchain(names.length > 0 ? names : TOOL_NAMES, {
      checkOnly: flags.has("--check"),
      retry: flags.has("--retry"),
      progress: (event) => say.write(`${lineOf(event, pinnedVersion(event.tool))}\n`),
    });
    if (json) process.stdout.write(`${JSON.stringify(toolchain, undefined, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    return 1;
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
