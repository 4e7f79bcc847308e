/**
 * If a number's text contains a command, bash runs this command when it computes with the text: `$((time))` with `time='x[$(id)]'` runs `id`
 * (bash(1), "ARITHMETIC EVALUATION"). So each name with which a script computes must get its value from a source that can only be a number.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const directories = ["components/installer/scripts", "ignition/installer-host/scripts", "ignition/etcd-backup/scripts"];

/** Settings whose values are numbers because the program writes them, and bash's own counter SECONDS. */
const settings = /^(SECONDS|[A-Z_]+_SECONDS|SECRET_ATTEMPTS|MIRROR_TIMEOUT|RETENTION_COUNT)$/;

/** Source texts of values (assigned or read) that always evaluate to a number, even if a file, a service or the network contains other text. */
const numbers = [
  /^\d+$/,
  /^\$\(\(/,
  /^\$SECONDS$/,
  /^\$\(date \+%s\)$/,
  /^\$\(stat --format %s "[^"]+"\)$/,
  /^\$\{BASH_REMATCH\[1\]\}$/, // of an expression of digits, which the script's own test holds
  /^\$\((times|current_slot) "\$now"\)$/, // ends in `date +%s`
  /^\$\(times "\$now" 1\)$/,
  /^for \w+ in [\d ]+; do$/,
  /^$/, // bash computes with 0
];

/** Arguments with which scripts and functions compute. They are always numbers, because the program or the script itself passes them. */
const numericArguments = new Set(["health.sh $2", "backup.sh $1"]);

interface Script {
  readonly name: string;
  readonly text: string;
}

const scripts: readonly Script[] = directories.flatMap((directory) =>
  readdirSync(join(root, directory)).map((name) => ({
    name,
    text: readFileSync(join(root, directory, name), "utf8").replace(/(^|\s)#(?!!).*$/gm, ""),
  })),
);

/** The contents of `$((…))`, `((…))`, offsets and subscripts. Bash evaluates all of them as arithmetic. */
function computations(text: string): string[] {
  const depths = [...text.matchAll(/\(\(/g)].map(({ index }) => text.slice(index + 2, closing(text, index)));
  const offsets = [...text.matchAll(/\$\{[\w@[\]]+:(?![-=?+])([^}]+)\}/g)].map(([, offset]) => offset);
  const subscripts = [...text.matchAll(/\w\[([^\]]+)\]/g)].map(([, subscript]) => subscript).filter((part) => /^\$|^[a-z_]+$/.test(part));
  return [...depths, ...offsets, ...subscripts];
}

/** Index of the last character before the parenthesis that closes the one at `start`. @throws Error if nothing closes it. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")" && --depth === 0) return index - 1;
  }
  throw new Error(`nothing closes ${text.slice(start, start + 40)}`);
}

/** Names and arguments that a computation reads. The output of a command in it counts as a number only if the command is `date` or `stat`. */
function operands(computation: string): string[] {
  const outer = computation.replace(/\$\((date \+%s|stat --format %s "[^"]+")\)/g, "1").replace(/\$\{#[\w@[\]]+\}/g, "1");
  return outer.match(/\$\(.*|\$\d|[A-Za-z_]\w*/g) ?? [];
}

/** The source texts of all values that a script assigns to a name or reads into it. */
function values(name: string, text: string): string[] {
  const assigned = [...text.matchAll(new RegExp(`(?:^|[\\s;(])${name}=((?:\\$\\([^\\n]*?\\)+(?=\\s|$|;)|[^\\s;])*)`, "gm"))].map(
    ([, value]) => value,
  );
  const read = [...text.matchAll(new RegExp(`(?:read|mapfile)\\b[^\\n;|&]*\\s${name}\\b|for ${name} in[^\\n]*`, "g"))].map(
    ([words]) => words,
  );
  return [...assigned, ...read];
}

/** Operands of a script that may be something other than a number. */
function doubtful({ name, text }: Script): string[] {
  return computations(text)
    .flatMap(operands)
    .filter((operand) => {
      if (settings.test(operand)) return false;
      if (operand.startsWith("$")) return !numericArguments.has(`${name} ${operand}`);
      const given = values(operand, text);
      return given.length === 0 || !given.every((value) => numbers.some((form) => form.test(value)));
    });
}

test.each(scripts.map((script) => [script.name, script] as const))("the script %s computes with numbers only", (_, script) => {
  expect(doubtful(script)).toEqual([]);
});

// Each construct in this pattern makes bash evaluate text as arithmetic, or as a name with a subscript.
test.each(scripts.map((script) => [script.name, script] as const))(
  "the script %s has no other construct that evaluates text",
  (_, { text }) => {
    expect(text).not.toMatch(
      /\[\[[^\n]* -(eq|ne|lt|le|gt|ge) |\bprintf -v|\b(let|eval|declare|typeset)\b|(\btest|\[) -v |\$\[|\bwait -n -p/,
    );
    expect(text).not.toMatch(/\b(local|export|readonly) -[in]/);
  },
);

test.each([
  ["read -r time state <file\nage=$((now - time))", ["now", "time"]],
  ["time=$(cat file)\nif ((time > 3)); then", ["time"]],
  ['size=$(stat --format %s "$1")\n((size > 3))', []],
  ["echo ${files[$1]}", ["$1"]],
  ["echo ${text:from}", ["from"]],
  ["((SECONDS >= WAIT_SECONDS))", []],
  ["(($(okd-metadata x) > 3))", ["$(okd-metadata x) > 3"]],
])("the check finds the unsafe arithmetic in %s", (text, expected) => {
  expect(doubtful({ name: "x.sh", text })).toEqual(expected);
});
