/** Prefixes of variables through which a user's own account, backend or proxy would reach into the sandbox. */
const foreignPrefixes = ["AWS_", "PULUMI_", "OPENSHIFT_INSTALL_"];

/** A process environment without anything that points at a real account or backend. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isForeign(name)));
}

/** A file for a shell to source: forgets the user's own variables of these kinds, sets the sandbox's and puts its programs first. */
export function environmentFile(environment: Readonly<Record<string, string>>, programs: string): string {
  const names = foreignPrefixes.map((prefix) => `\${!${prefix}@}`).join(" ");
  return [
    "# Points pulumi, aws and kubectl at the sandbox: source it in bash.",
    `unset ${names}`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
    `export PATH=${quote(programs)}:"$PATH"`,
    "",
  ].join("\n");
}

function isForeign(name: string): boolean {
  return foreignPrefixes.some((prefix) => name.startsWith(prefix));
}

/** One word for a POSIX shell, whatever the text. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
