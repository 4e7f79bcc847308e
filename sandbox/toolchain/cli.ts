import { ensureToolchain, pinnedVersion, TOOL_NAMES, ToolchainError, type ToolName } from ".";
import { lineOf } from "./report";

const HELP = `Makes sure that the sandbox's tools are there, in their pinned versions, and says where.

  npx tsx sandbox/toolchain/cli.ts [--json] [--check] [--retry] [TOOL...]

  --json    where everything is, as JSON on standard output (path, tools, environment); progress on standard error
  --check   only looks at what is there: nothing is downloaded or built
  --retry   asks vendors again that could not be reached within the last day, where a stand-in serves meanwhile

Each tool is looked for in $OKD_TOOLCHAIN (a directory), on PATH (only in a version that fits) and in the cache
($XDG_CACHE_HOME/okd-aws/toolchain, by default ~/.cache/okd-aws/toolchain). What is not there comes from its vendor, checked
against the vendor's checksum, or is built from Go modules. Exit code 0: all there; 1: some missing; 2: wrong arguments.

Tools, all of them unless named: ${TOOL_NAMES.join(", ")}
`;

interface Arguments {
  readonly flags: ReadonlySet<string>;
  readonly names: readonly ToolName[];
  readonly wrong: readonly string[];
}

function parse(args: readonly string[]): Arguments {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const names = args.filter((arg) => !arg.startsWith("-"));
  const isTool = (name: string): name is ToolName => (TOOL_NAMES as readonly string[]).includes(name);
  const wrong = [
    ...flags.filter((flag) => !["--json", "--check", "--retry", "--help", "-h"].includes(flag)).map((flag) => `${flag} is no option`),
    ...names.filter((name) => !isTool(name)).map((name) => `${name} is no tool of this project`),
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
