import { createRequire } from "node:module";

/** A module that is loaded when one of its exports is read for the first time. */
interface DeferredModule {
  /** Name as in `require`. */
  readonly name: string;
  /** The package that requires it. */
  readonly requiredBy: string;
}

/**
 * Modules that a library loads at its start, and that this program never uses. Their processor time is spent before the first request to
 * the Pulumi engine (docs/performance.md).
 *
 * - `@pulumi/pulumi/automation`, 0.03 s: programs that run the Pulumi engine (pulumi/pulumi, v3.248.0, `sdk/nodejs/index.ts`);
 * - `@npmcli/arborist`, 0.15 s: `computeCodePaths` packs node_modules for AWS Lambda (pulumi/pulumi, v3.248.0,
 *   `sdk/nodejs/runtime/closure/codePaths.ts`);
 * - `zod/v4/locales`, 0.02 s: error messages in fifty languages (colinhacks/zod, v4, `packages/zod/src/v4/classic/external.ts`).
 */
const modules: readonly DeferredModule[] = [
  { name: "@pulumi/pulumi/automation", requiredBy: "@pulumi/pulumi" },
  { name: "@npmcli/arborist", requiredBy: "@pulumi/pulumi" },
  { name: "zod/v4/locales", requiredBy: "zod" },
];

/**
 * Puts a stand-in for each of these modules into `require.cache`, whose entries may be added by a program (Node.js documentation, "modules",
 * `require.cache`). It must run before the libraries are loaded. Code that reads an export gets the export of the real module; a list of
 * the stand-in's exports is empty.
 */
export function deferModules(): void {
  for (const { name, requiredBy } of modules) {
    const requireFrom = createRequire(require.resolve(requiredBy));
    const path = requireFrom.resolve(name);
    requireFrom.cache[path] ??= { ...module, id: path, filename: path, loaded: true, children: [], exports: deferred(path, requireFrom) };
  }
}

/** Exports that load the module at first use. Compiled imports ask for `__esModule`, which is answered without loading it. */
function deferred(path: string, requireFrom: NodeJS.Require): object {
  const real = (): object => {
    if (requireFrom.cache[path]?.exports === proxy) Reflect.deleteProperty(requireFrom.cache, path);
    return requireFrom(path) as object;
  };
  const proxy: object = new Proxy(
    {},
    {
      get: (_, key) => (key === "__esModule" ? true : (Reflect.get(real(), key) as unknown)),
      has: (_, key) => Reflect.has(real(), key),
    },
  );
  return proxy;
}
