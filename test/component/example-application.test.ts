/** The resources that the program declares for the example application. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const own = (program: Program) => program.resources.filter(({ urn }) => urn.includes("okd:cluster:ExampleGuestbook$"));
const exposed = { matchExpressions: [{ key: "exposure", operator: "Exists" }] };
const shard = (name: string, scope: string) => ({
  name,
  domain: `${name}.dev.okd.example.com`,
  scope,
  namespaceSelector: exposed,
  routeSelector: { matchLabels: { exposure: name } },
});

test("a stack without the example application declares nothing for it", async () => {
  expect(own(await Program.run(devStack({})))).toEqual([]);
});

describe("with two router shards", () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.run(
      devStack({ exampleApplication: true, routerShards: [shard("public", "External"), shard("private", "Internal")] }),
    );
  });

  test("each shard has a Route that comes after the shards and the web servers", () => {
    for (const name of ["public", "private"]) {
      const route = program.one("kubernetes:route.openshift.io/v1:Route", `example-application-route-${name}`);
      expect(route.inputs.spec).toMatchObject({ host: `guestbook.${name}.dev.okd.example.com` });
      expect((route.inputs.metadata as { labels?: object }).labels).toEqual({ exposure: name });
      const before = [
        program.one("kubernetes:apps/v1:Deployment", "example-application-web"),
        program.one("kubernetes:operator.openshift.io/v1:IngressController", `router-shards-${name}`),
      ];
      expect(before.map((each) => program.isAfter(route, each))).toEqual([true, true]);
    }
    const { metadata } = program.one("kubernetes:core/v1:Namespace", "example-application-namespace").inputs as {
      metadata?: { labels?: object };
    };
    expect(metadata?.labels).toMatchObject({ exposure: "true" });
  });

  test("the database's password is secret", () => {
    expect(program.one("pulumi-nodejs:dynamic/okd:GeneratedPassword").secretOutputs).toEqual(["password"]);
    const secret = program.one("kubernetes:core/v1:Secret", "example-application-database-secret");
    expect([secret.inputs.stringData, secret.readable.stringData]).toEqual([{ password: "stub-password" }, { password: "[secret]" }]);
  });

  test("the limits exist before the first pod, and the database before the web servers", () => {
    const [database, web] = [
      program.one("kubernetes:apps/v1:StatefulSet", "example-application-database"),
      program.one("kubernetes:apps/v1:Deployment", "example-application-web"),
    ];
    const limits = own(program).filter(({ type }) => /:(ResourceQuota|LimitRange|NetworkPolicy)$/.test(type));
    expect(limits).toHaveLength(5);
    for (const each of limits) expect(program.isAfter(database, each)).toBe(true);
    expect(program.isAfter(web, database)).toBe(true);
  });
});
