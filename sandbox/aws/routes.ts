import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makePrivateDirectory, writePrivately } from "./private-file";

/** The destination of a host name that is not AWS's. */
export type FrontDoorRoute = {
  /** `api.demo.example.com`, or `*.apps.demo.example.com` for every name below it. */
  name: string;
} & (
  | {
      /** A loopback address: `127.0.0.1:6443`. */
      target: string;
    }
  | {
      /**
       * A loopback URL that is called for every connection, as `<resolver>?host=…&port=…`. It answers with 200 and `{"target":
       * "127.0.0.1:6443"}`, or with any other status and a text that says why an instance could not connect.
       */
      resolver: string;
    }
);

const directoryOf = (sandbox: string): string => join(sandbox, "routes");

/** Declares the routes of one owner (the cluster's API, a registry). They replace the owner's earlier routes, and take effect at once. */
export function declareRoutes(sandbox: string, owner: string, routes: FrontDoorRoute[]): void {
  makePrivateDirectory(directoryOf(sandbox));
  writePrivately(join(directoryOf(sandbox), `${owner}.json`), JSON.stringify(routes, null, 2));
}

export function withdrawRoutes(sandbox: string, owner: string): void {
  rmSync(join(directoryOf(sandbox), `${owner}.json`), { force: true });
}

/** The route for a host name. An exact name wins over wildcards, a longer wildcard over a shorter one. */
export function findRoute(sandbox: string, host: string): FrontDoorRoute | undefined {
  return readRoutes(sandbox)
    .filter((route) => matches(route.name, host))
    .sort((a, b) => rank(b.name) - rank(a.name))[0];
}

const matches = (pattern: string, host: string): boolean => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern);
const rank = (pattern: string): number => (pattern.startsWith("*.") ? pattern.length : 1000);

function readRoutes(sandbox: string): FrontDoorRoute[] {
  const directory = directoryOf(sandbox);
  let files: string[];
  try {
    files = readdirSync(directory).filter((file) => file.endsWith(".json"));
  } catch {
    return [];
  }
  return files.flatMap((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as FrontDoorRoute[]);
}
