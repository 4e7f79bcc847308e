/** Remote writes: the fields of the configuration, and the Secret that they name. */
import { remoteWriteFields, remoteWriteSecret } from "../../../../cluster-objects/monitoring/remote-write";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import type { RemoteWrite } from "../../../../config/remote-write/settings";
import { Secret } from "../../../../config/secret";

const url = "https://metrics.example.com/write";
const roleArn = "arn:aws:iam::123456789012:role/metrics";
const signed = { name: "amp", authentication: "sigv4", url, region: "eu-central-1", accessKeyId: "AKIAIOSFODNN7EXAMPLE" } as const;
const targets: readonly RemoteWrite[] = [
  { name: "open", authentication: "none", url, metrics: ["up", "cluster_*", "*:rate5m"] },
  { name: "central", authentication: "bearer", url, metrics: [], secret: new Secret("t0ken") },
  { name: "basic", authentication: "basic", url, username: "okd", secret: new Secret("pass") },
  { ...signed, roleArn, secret: new Secret("s3cret") },
  { ...signed, name: "direct", secret: new Secret("s3cret") },
];
const clusterId = { sourceLabels: ["__tmp_openshift_cluster_id__"], targetLabel: "cluster_id", action: "replace" };
const writeRelabelConfigs = [clusterId];
const reference = (key: string) => ({ name: "okd-aws-remote-write", key });

test("each authentication has its own fields, every target gets the cluster's ID as a label, and no secret is among them", () => {
  const signature = (name: string) => ({
    region: "eu-central-1",
    accessKey: reference(`${name}.access-key`),
    secretKey: reference(`${name}.secret-key`),
  });
  expect(remoteWriteFields(targets)).toEqual([
    {
      name: "open",
      url,
      writeRelabelConfigs: [clusterId, { sourceLabels: ["__name__"], regex: "up|cluster_.*|.*:rate5m", action: "keep" }],
    },
    { name: "central", url, authorization: { type: "Bearer", credentials: reference("central.token") }, writeRelabelConfigs },
    {
      name: "basic",
      url,
      basicAuth: { username: reference("basic.username"), password: reference("basic.password") },
      writeRelabelConfigs,
    },
    { name: "amp", url, sigv4: { ...signature("amp"), roleArn }, writeRelabelConfigs },
    { name: "direct", url, sigv4: signature("direct"), writeRelabelConfigs },
  ]);
});

test("the Secret has every key that the fields name", () => {
  const secret = remoteWriteSecret(targets);
  expect(secret?.metadata).toEqual({ name: "okd-aws-remote-write", namespace: "openshift-monitoring" });
  expect(secret && schemaProblems(secret)).toEqual([]);
  const texts = Object.entries(secret?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]);
  expect(Object.fromEntries(texts)).toEqual({
    "central.token": "t0ken",
    "basic.username": "okd",
    "basic.password": "pass",
    "amp.access-key": "AKIAIOSFODNN7EXAMPLE",
    "amp.secret-key": "s3cret",
    "direct.access-key": "AKIAIOSFODNN7EXAMPLE",
    "direct.secret-key": "s3cret",
  });
  const named = [...JSON.stringify(remoteWriteFields(targets)).matchAll(/"key":"([^"]+)"/g)].map(([, key]) => key);
  expect(named.sort()).toEqual(texts.map(([key]) => key).sort());
});

test("there is no Secret if no target has a login", () => {
  expect(remoteWriteSecret(targets.slice(0, 1))).toBeUndefined();
});
