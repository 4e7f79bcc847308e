/** Remote writes that are refused, and the keys that the error names. */
import { problemKeys, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const BEARER = { name: "central", authentication: "bearer", url: "https://metrics.example.com/api/v1/write" };
const BASIC = { ...BEARER, authentication: "basic", username: "okd" };
const SIGNED = {
  name: "amp",
  authentication: "sigv4",
  url: "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write",
  region: "eu-central-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
};
const SECRET = { remoteWriteSecrets: { central: "t0ken" } };
const SIGNING_SECRET = { remoteWriteSecrets: { amp: "s3cret" } };

const REFUSED: readonly RefusedConfiguration[] = [
  ["a target without its token", { remoteWrites: [BEARER] }, ["remoteWriteSecrets"]],
  ["a user without a password", { remoteWrites: [BASIC] }, ["remoteWriteSecrets"]],
  ["a secret without a target", SECRET, ["remoteWriteSecrets"]],
  ["a secret of a target without a login", { remoteWrites: [{ ...BEARER, authentication: "none" }], ...SECRET }, ["remoteWriteSecrets"]],
  ["two targets with one name", { remoteWrites: [BEARER, BEARER], ...SECRET }, ["remoteWrites"]],
  ["a name with capital letters", { remoteWrites: [{ ...BEARER, name: "Central" }] }, ["remoteWrites"]],
  ["a URL without TLS", { remoteWrites: [{ ...BEARER, url: "http://metrics.example.com" }], ...SECRET }, ["remoteWrites"]],
  ["a password in the URL", { remoteWrites: [{ ...BEARER, url: "https://a:b@metrics.example.com" }], ...SECRET }, ["remoteWrites"]],
  ["a regular expression for a metric", { remoteWrites: [{ ...BEARER, metrics: ["up|down"] }], ...SECRET }, ["remoteWrites"]],
  ["a user of another authentication", { remoteWrites: [{ ...BEARER, username: "okd" }], ...SECRET }, ["remoteWrites"]],
  ["a misspelt region", { remoteWrites: [{ ...SIGNED, region: "eu-centrl-1" }], ...SIGNING_SECRET }, ["remoteWrites"]],
  ["a workspace in another region", { remoteWrites: [{ ...SIGNED, region: "us-east-1" }], ...SIGNING_SECRET }, ["remoteWrites"]],
  ["a temporary access key", { remoteWrites: [{ ...SIGNED, accessKeyId: "ASIAIOSFODNN7EXAMPLE" }], ...SIGNING_SECRET }, ["remoteWrites"]],
  [
    "the ARN of a user as a role",
    { remoteWrites: [{ ...SIGNED, roleArn: "arn:aws:iam::123456789012:user/x" }], ...SIGNING_SECRET },
    ["remoteWrites"],
  ],
];

testRefusals(REFUSED);

test("a target with each kind of authentication is accepted", () => {
  const roleArn = "arn:aws:iam::123456789012:role/metrics";
  const remoteWrites = [
    { name: "open", authentication: "none", url: "https://open.example.com/write", metrics: ["up", "cluster_*", "*:rate5m"] },
    BEARER,
    { ...BASIC, name: "basic" },
    { ...SIGNED, roleArn },
    { ...SIGNED, name: "other", url: "https://gateway.example.com/write", region: "us-east-1" },
  ];
  const remoteWriteSecrets = { central: "t0ken", basic: "pass", amp: "s3cret", other: "s3cret" };
  expect(problemKeys({ remoteWrites, remoteWriteSecrets })).toEqual([]);
});

test("no error shows a secret", () => {
  const keys = withKeys({ remoteWrites: [{ ...SIGNED, region: "us-east-1" }], remoteWriteSecrets: { amp: "hunter2", unused: "hunter3" } });
  expect(JSON.stringify(problemsOf(keys))).not.toMatch(/hunter[23]/);
});
