import fc from "fast-check";
import { clusterNameProblem } from "../../../../config/cluster/fields";
import { infraIdPrefix, suffixAlphabet, suffixLength } from "../../../../lib/openshift/infra-id";
import { longestBalancerName, longestBucketName, longestInfraId } from "../../../facts/names";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,52}[a-z0-9])?$/);

/** An infraID that the program could make for a cluster's name. */
const infraId = (name: string) => `${infraIdPrefix(name)}-${suffixAlphabet.slice(-suffixLength)}`;

describe("the infraID's first part", () => {
  // openshift/installer, pkg/asset/installconfig/clusterid.go: other characters become dashes, several dashes become one dash, only 21 characters are
  // kept, and a dash at the end is removed.
  test.each([
    ["dev", "dev"],
    ["a--b---c", "a-b-c"],
    ["a.b_c", "a-b-c"],
    ["a._b", "a-b"],
    ["a".repeat(54), "a".repeat(21)],
    [`${"a".repeat(20)}-b`, "a".repeat(20)],
    [`${"a".repeat(19)}--b`, `${"a".repeat(19)}-b`],
  ])("of the cluster name %s is %s, as the installer shortens it", (name, prefix) => {
    expect(infraIdPrefix(name)).toBe(prefix);
  });

  test("is short enough for each name that AWS limits, whatever the cluster's name", () => {
    fc.assert(
      fc.property(label, (name) => {
        expect(infraIdPrefix(name).length).toBeLessThanOrEqual(21);
        expect(infraId(name).length).toBeLessThanOrEqual(longestInfraId);
        for (const suffix of ["ext", "int", "aext", "aint", "sint"]) {
          expect(`${infraId(name)}-${suffix}`.length).toBeLessThanOrEqual(longestBalancerName);
        }
        expect(`${infraId(name)}-bootstrap-ignition`.length).toBeLessThanOrEqual(longestBucketName);
      }),
    );
  });

  test("gives valid names of load balancers and buckets for each valid cluster name", () => {
    fc.assert(
      fc.property(
        label.filter((name) => clusterNameProblem(name) === undefined),
        (name) => {
          // ELB API reference, CreateLoadBalancer; S3 user guide, "Bucket naming rules".
          expect(infraId(name)).toMatch(/^(?!internal-)(?!sg-)(?!sthree-)[a-z0-9](-?[a-z0-9])*$/);
        },
      ),
    );
  });
});
