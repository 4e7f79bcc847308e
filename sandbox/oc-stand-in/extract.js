// `oc adm release extract --credentials-requests --included`, for the releases in requests.json (see README.md).
"use strict";
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { parseArgs } = require("node:util");
const { dump, load } = require("js-yaml");

/** The annotations that say to which capability and feature set a manifest belongs (openshift/library-go, `pkg/manifest/manifest.go`). */
const annotations = { capability: "capability.openshift.io/name", featureSet: "release.openshift.io/feature-set" };

/**
 * For each baseline capability set: its capabilities that have a CredentialsRequest. Sets that are not listed, such as
 * vCurrent, have all capabilities.
 */
const inSet = {
  None: [],
  "v4.11": ["MachineAPI"],
  "v4.12": ["MachineAPI", "Storage"],
  "v4.13": ["MachineAPI", "Storage"],
  "v4.14": ["MachineAPI", "Storage", "ImageRegistry"],
  "v4.15": ["MachineAPI", "Storage", "ImageRegistry", "CloudCredential"],
};

/** The minor version of the first entries in requests.json. It is used for an image whose version is unknown. */
const firstMinor = 19;

/** The minor version of a release image: from its tag, or from the sandbox's list of releases. */
function minorOf(image) {
  const file = process.env.OC_STAND_IN_RELEASES ?? "";
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const version = known.find((release) => release.image === image)?.version ?? /:(4\.\d+\.\d+[^:]*)$/.exec(image)?.[1];
  return version === undefined ? firstMinor : Number(version.split(".")[1]);
}

/** Whether an entry belongs to a minor version: from `since` on, and before `until`. */
function belongsTo({ since = 0, until = Infinity }, minor) {
  return since <= minor && minor < until;
}

/** The permissions that a component requests in a minor version. */
function statementsOf({ statements }, minor) {
  return statements
    ?.filter((statement) => belongsTo(statement, minor))
    .map(({ since, until, actionsSince = {}, action, ...statement }) => {
      const later = Object.entries(actionsSince).flatMap(([from, actions]) => (Number(from) <= minor ? actions : []));
      return { ...statement, action: [...action, ...later] };
    });
}

function manifest({ name, capability, featureSet, secret, serviceAccounts, kind = "AWSProviderSpec", statements }) {
  return {
    apiVersion: "cloudcredential.openshift.io/v1",
    kind: "CredentialsRequest",
    metadata: {
      name,
      namespace: "openshift-cloud-credential-operator",
      annotations: { [annotations.capability]: capability, ...(featureSet && { [annotations.featureSet]: featureSet }) },
    },
    spec: {
      secretRef: { namespace: secret[0], name: secret[1] },
      serviceAccountNames: serviceAccounts,
      providerSpec: { apiVersion: "cloudcredential.openshift.io/v1", kind, ...(statements && { statementEntries: statements }) },
    },
  };
}

function isIncluded({ capability, featureSet, kind }, { platform, capabilities }) {
  // The install-config's platform selects the cloud, as in `oc`.
  if ("aws" in platform && kind !== undefined) return false;
  if (featureSet !== undefined) return false;
  const { baselineCapabilitySet = "vCurrent", additionalEnabledCapabilities = [] } = capabilities ?? {};
  const ofSet = inSet[baselineCapabilitySet];
  return ofSet === undefined || capability.split("+").every((part) => [...ofSet, ...additionalEnabledCapabilities].includes(part));
}

/**
 * Checks the connection on a host that can reach only certain registries (OKD_SANDBOX_REGISTRIES, separated by blanks). The real oc uses the registry of the
 * pull specification and ignores mirror sets of the host; it must trust the registry and have credentials for it.
 */
function reach(from, { auths = {} }) {
  const reached = process.env.OKD_SANDBOX_REGISTRIES;
  if (reached === undefined) return;
  const [registry] = from.split("/");
  const failed = (why) => new Error(`unable to read image ${from}: Get "https://${registry}/v2/": ${why}`);
  if (!reached.split(" ").includes(registry)) throw failed(`dial tcp: lookup ${registry.split(":")[0]}: no such host`);
  const { SSL_CERT_FILE: authorities } = process.env;
  if (authorities === undefined || !readFileSync(authorities, "utf8").includes("BEGIN CERTIFICATE"))
    throw failed("tls: failed to verify certificate: x509: certificate signed by unknown authority");
  if (auths[registry]?.auth === undefined) throw failed("unauthorized: authentication required");
}

function main(args) {
  const text = { type: "string" };
  const flag = { type: "boolean" };
  const { values } = parseArgs({
    args,
    options: { from: text, "registry-config": text, to: text, "install-config": text, "credentials-requests": flag, included: flag },
  });
  const missing = ["from", "registry-config", "to", "install-config", "credentials-requests", "included"].filter((name) => !values[name]);
  if (missing.length > 0) throw new Error(`this stand-in for oc only extracts CredentialsRequests and needs --${missing.join(", --")}`);
  reach(values.from, JSON.parse(readFileSync(values["registry-config"], "utf8")));
  const config = load(readFileSync(values["install-config"], "utf8"));
  if (config.apiVersion !== "v1") throw new Error(`unrecognized API version ${JSON.stringify(config.apiVersion)} (expected "v1")`);
  mkdirSync(values.to, { recursive: true });
  const minor = minorOf(values.from);
  const file = process.env.OC_STAND_IN_REQUESTS ?? join(__dirname, "requests.json");
  const requests = JSON.parse(readFileSync(file, "utf8")).filter((request) => belongsTo(request, minor) && isIncluded(request, config));
  for (const request of requests) {
    writeFileSync(join(values.to, `${request.name}.yaml`), dump(manifest({ ...request, statements: statementsOf(request, minor) })));
  }
  console.log(`stand-in: wrote ${requests.length} CredentialsRequests from its own list; ${values.from} was not fetched`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
