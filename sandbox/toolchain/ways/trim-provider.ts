import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MODULE = "github.com/hashicorp/terraform-provider-aws";
const SDK = "github.com/aws/aws-sdk-go-v2";

/** The two generated files of the Terraform AWS provider that reference every service, relative to the provider's directory. */
const SERVICE_PACKAGES = "internal/provider/sdkv2/service_packages_gen.go";
const CLIENTS = "internal/conns/awsclient_gen.go";

/**
 * Both files without the unwanted services, by path. The whole provider takes over an hour to build and needs more memory
 * than many computers have. A service that a wanted service imports keeps its client, but its resources are left out.
 */
export function trimProvider(provider: string, services: readonly string[]): Record<string, string> {
  return {
    [SERVICE_PACKAGES]: trimServicePackages(readFileSync(join(provider, SERVICE_PACKAGES), "utf8"), new Set(services)),
    [CLIENTS]: trimClients(readFileSync(join(provider, CLIENTS), "utf8"), clientsOf(provider, services)),
  };
}

/** Removes each unwanted service's import and its entry in the list. */
export function trimServicePackages(source: string, services: ReadonlySet<string>): string {
  const importOf = new RegExp(`^\\s+"${MODULE}/internal/service/([a-z0-9]+)"`);
  const entryOf = /^\s+([a-z0-9]+)\.ServicePackage\(ctx\),/;
  const isWanted = (line: string): boolean => {
    const service = (importOf.exec(line) ?? entryOf.exec(line))?.[1];
    return service === undefined || services.has(service);
  };
  return source.split("\n").filter(isWanted).join("\n");
}

/** Removes each unused client's method, then the imports that only these methods needed. */
export function trimClients(source: string, clients: ReadonlySet<string>): string {
  const end = source.indexOf(")\n\nfunc ");
  const [head, body] = [source.slice(0, end), source.slice(end + 3)];
  const methods = [...body.matchAll(/func \(c \*AWSClient\) (\w+)\(.*?\n\}\n/gs)].filter(([, name = ""]) => clients.has(name));
  const kept = methods.map(([text]) => text).join("\n");
  const isUsed = (line: string): boolean => {
    const service = new RegExp(`^\\s+(?:(\\w+) )?"${SDK}/service/([a-z0-9]+)[^"]*"`).exec(line);
    const name = service === null ? new RegExp(`^\\s+"${SDK}/(\\w+)"`).exec(line)?.[1] : (service.at(1) ?? service.at(2));
    return name === undefined || new RegExp(`\\b${name}\\.`).test(kept);
  };
  return `${head.split("\n").filter(isUsed).join("\n")})\n\n${kept}`;
}

/** The clients that the services, the services that they import, and the provider's own connection code use. */
function clientsOf(provider: string, services: readonly string[]): ReadonlySet<string> {
  const clients = new Set<string>();
  const seen = new Set<string>();
  const addClients = (source: string): void => {
    for (const [, name = ""] of source.matchAll(/\.([A-Z][A-Za-z0-9]*Client)\(ctx/g)) clients.add(name);
  };
  const todo = [...services];
  for (let service = todo.pop(); service !== undefined; service = todo.pop()) {
    if (seen.has(service)) continue;
    seen.add(service);
    for (const source of goSources(join(provider, "internal", "service", service))) {
      addClients(source);
      for (const [, name = ""] of source.matchAll(/terraform-provider-aws\/internal\/service\/([a-z0-9]+)"/g)) todo.push(name);
    }
  }
  for (const source of goSources(join(provider, "internal", "conns"), join(provider, CLIENTS))) addClients(source);
  return clients;
}

/** The contents of a directory's Go files, except tests and one given file. */
function* goSources(directory: string, without?: string): Generator<string> {
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const file = join(directory, name);
    if (file.endsWith(".go") && !file.endsWith("_test.go") && file !== without) yield readFileSync(file, "utf8");
  }
}
