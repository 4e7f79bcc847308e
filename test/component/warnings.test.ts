/** Warnings about a valid configuration, as the program sends them to the Pulumi engine. */
import * as pulumi from "@pulumi/pulumi";
import { readStackConfiguration } from "../../stacks/configuration";
import { devSecretKeys, devStack } from "./configurations";
import { Program, type Untyped } from "./program";

const candidate = devStack({ release: "4.19.0-okd-scos.rc.1", releaseImage: "" });
let warn: jest.SpyInstance;

beforeEach(() => {
  warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
});
afterEach(() => {
  warn.mockRestore();
});

test("a run shows each warning once, without a stack trace", async () => {
  await Program.run(candidate);
  expect(warn.mock.calls).toEqual([
    [
      "release: 4.19.0-okd-scos.rc.1 is a release candidate. Stable, fast and EUS channels contain no pre-releases and offer no updates from them. " +
        "Use this release only for a cluster that you will throw away.\nfix: pulumi config set --stack dev release 4.22.0-okd-scos.7",
    ],
  ]);
});

test.each([
  ["a preview", true],
  ["an update", false],
])("%s shows warnings", async (_, preview) => {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "okd-aws", "dev", preview);
  (pulumi.runtime as unknown as Untyped).setAllConfig({ ...candidate }, devSecretKeys);
  expect(readStackConfiguration().release).toBe("4.19.0-okd-scos.rc.1");
  expect(warn).toHaveBeenCalledTimes(1);
});

test("a run with an invalid configuration shows the problems and no warning", async () => {
  const { message } = await Program.refusal({ ...candidate, "okd-aws:masterCount": "2" });
  expect(message).toContain("This stack's configuration has 1 problem");
  expect(warn).not.toHaveBeenCalled();
});

test("the private zone gets only as many of the user's tags as a zone can have, and a warning names the other tags", async () => {
  const tags = Object.fromEntries(["h", "g", "f", "e", "d", "c", "b", "a"].map((key) => [key, "x"]));
  const { inputs } = (await Program.run(devStack({ tags }))).one("aws:route53/zone:Zone");
  const own = ["Name", "kubernetes.io/cluster/dev-x7k2q", "okd-aws/cluster"];
  expect(Object.keys(inputs.tags as object).sort()).toEqual([...own, "a", "b", "c", "d", "e", "f", "g"].sort());
  expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('The zone does not get "h".')]);
});
