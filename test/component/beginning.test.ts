/** The order of the first steps of a preview and of an update. */
import * as pulumi from "@pulumi/pulumi";
import { parseConfiguration } from "../../config/parse";
import { startPreflight } from "../../stacks/identity";
import { runPreflight } from "../../stacks/preflight/preflight";
import { VALID } from "../unit/config/fixture";

jest.mock("../../stacks/preflight/preflight");

const configuration = parseConfiguration(VALID);
let declared: string[];

async function mocks(preview: boolean): Promise<void> {
  declared = [];
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
    declared.push(name);
    return { id: name, state: inputs as object };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "okd-aws", "dev", preview);
}

describe("a preflight that fails at once", () => {
  beforeEach(() => {
    jest.mocked(runPreflight).mockImplementation(() => Promise.reject(new Error("the preflight found a problem")));
  });

  test("ends an update before the update declares a resource", async () => {
    await mocks(false);
    await expect(startPreflight(configuration)).rejects.toThrow("the preflight found a problem");
    expect(declared).toEqual([]);
  });

  test("is reported by a preview after the identity is declared, even if the preview awaits the preflight late", async () => {
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    try {
      await mocks(true);
      const { preflight } = await startPreflight(configuration);
      await new Promise((later) => setTimeout(later, 50));
      await expect(preflight).rejects.toThrow("the preflight found a problem");
      expect([declared, unhandled.mock.calls]).toEqual([["cluster"], []]);
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });
});

test("a preview declares the identity before it asks AWS, and an update asks AWS first", async () => {
  const order: string[] = [];
  for (const preview of [true, false]) {
    await mocks(preview);
    jest.mocked(runPreflight).mockImplementation(() => {
      order.push(`${preview ? "preview" : "update"}: ${declared.length} declared when AWS is asked`);
      return Promise.resolve({ zones: [], natAddresses: [], instancesExist: false, temporaryCredentials: false });
    });
    await startPreflight(configuration);
    await (pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> }).waitForRPCs();
    expect(declared).toEqual(["cluster"]);
  }
  expect(order).toEqual(["preview: 1 declared when AWS is asked", "update: 0 declared when AWS is asked"]);
});
