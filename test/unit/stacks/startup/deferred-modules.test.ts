/** The modules that the program loads only when they are used. The tests start separate processes, because jest has its own module cache. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..", "..", "..", "..");

/** Runs a program after the modules are deferred; returns its output. The program may call `loaded`, which says whether a package's files are loaded. */
function run(body: string): unknown {
  const program = `
    const { deferModules } = require("./stacks/startup/deferred-modules");
    deferModules();
    const loaded = (part) => Object.entries(require.cache).some(([path, { children }]) => path.includes(part) && children.length > 0);
    const main = async () => { ${body} };
    main().then((answer) => console.log(JSON.stringify(answer)));`;
  const args = ["-r", "ts-node/register/transpile-only", "-e", program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", timeout: 60_000 })) as unknown;
}

test("Pulumi's SDK and zod load without the modules that this program does not use", () => {
  const answer = run(`
    const { Output } = await import("@pulumi/pulumi");
    const { z } = await import("zod");
    const schema = z.string().safeParse(1).error.issues[0].message;
    const deferred = ["/@pulumi/pulumi/automation/", "/@npmcli/arborist/lib/", "/locales/index.cjs"].filter(loaded);
    return { sdk: typeof Output.create, schema, loaded: deferred };
  `);
  expect(answer).toEqual({
    sdk: "function",
    schema: "Invalid input: expected string, received number",
    loaded: [],
  });
});

test("a deferred module is loaded when a caller uses it, and behaves as usual", () => {
  const answer = run(`
    const { automation, runtime } = await import("@pulumi/pulumi");
    const { z } = await import("zod");
    const paths = await runtime.computeCodePaths();
    const german = z.locales.de().localeError({ code: "invalid_type", expected: "string", input: 1 });
    return { package: paths.has("node_modules/js-yaml"), german, automation: typeof automation.LocalWorkspace.create };
  `);
  const german = "Ungültige Eingabe: erwartet string, erhalten Zahl";
  expect(answer).toEqual({ package: true, german, automation: "function" });
});
