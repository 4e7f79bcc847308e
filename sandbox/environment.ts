/** Prefixes of the user's environment variables that the sandbox must not inherit: they select an AWS account, a Pulumi backend or settings of openshift-install. */
const foreignPrefixes = ["AWS_", "PULUMI_", "OPENSHIFT_INSTALL_"];

/** A process environment without anything that points at a real account or backend. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isForeign(name)));
}

/**
 * Text of a file for a shell to source. It unsets the user's variables that begin with one of `foreignPrefixes`, sets the sandbox's variables, and
 * puts the sandbox's programs first on PATH.
 */
export function sandboxEnvironmentFile(environment: Readonly<Record<string, string>>, programs: string): string {
  const names = foreignPrefixes.map((prefix) => `\${!${prefix}@}`).join(" ");
  return [
    "# Points pulumi, aws and kubectl at the sandbox: source it in bash.\n",
    `unset ${names}\n`,
    exportLines(environment),
    `export PATH=${quote(programs)}:"$PATH"\n`,
  ].join("");
}

/** Shell text with one line for each variable, which exports it. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

function isForeign(name: string): boolean {
  return foreignPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Quotes any text as one word for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
