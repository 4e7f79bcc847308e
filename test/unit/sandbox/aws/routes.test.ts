import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declareRoutes, findRoute, withdrawRoutes } from "../../../../sandbox/aws/routes";

describe("the routes of the sandbox's front door", () => {
  const sandbox = mkdtempSync(join(tmpdir(), "routes-"));
  afterAll(() => {
    rmSync(sandbox, { recursive: true });
  });

  const target = (host: string): string | undefined => {
    const route = findRoute(sandbox, host);
    return route !== undefined && "target" in route ? route.target : undefined;
  };

  it("do not exist before a program declares some", () => {
    expect(findRoute(sandbox, "api.demo.example.com")).toBeUndefined();
  });

  it("are matched by the exact name first, then by the longest wildcard", () => {
    declareRoutes(sandbox, "cluster", [
      { name: "*.example.com", target: "127.0.0.1:1" },
      { name: "api.demo.example.com", target: "127.0.0.1:2" },
    ]);
    declareRoutes(sandbox, "router", [{ name: "*.apps.demo.example.com", target: "127.0.0.1:3" }]);
    expect(target("api.demo.example.com")).toBe("127.0.0.1:2");
    expect(target("console.apps.demo.example.com")).toBe("127.0.0.1:3");
    expect(target("other.example.com")).toBe("127.0.0.1:1");
    expect(target("example.com")).toBeUndefined();
    expect(target("badexample.com")).toBeUndefined();
  });

  it("are replaced and removed only by the owner that declared them", () => {
    declareRoutes(sandbox, "cluster", [{ name: "registry.example.com", target: "127.0.0.1:4" }]);
    expect(target("api.demo.example.com")).toBeUndefined();
    withdrawRoutes(sandbox, "cluster");
    expect(target("registry.example.com")).toBeUndefined();
    expect(target("console.apps.demo.example.com")).toBe("127.0.0.1:3");
  });
});
