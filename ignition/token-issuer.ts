import { createHash, createPublicKey } from "node:crypto";

/** Where an issuer's documents lie below its URL: the first by OpenID Connect Discovery, section 4; the second as the first one says. */
export const issuerDocuments = { discovery: ".well-known/openid-configuration", keys: "keys.json" } as const;

/** Whom the tokens of the cluster's components are for (openshift/cloud-credential-operator, `docs/sts.md`), and AWS's own name, for applications. */
export const tokenAudiences = { components: "openshift", applications: "sts.amazonaws.com" } as const;

/** What AWS's token service reads first: who issues, and where the keys are (OpenID Connect Discovery, section 3). */
export function discoveryDocument(issuer: string): string {
  return JSON.stringify({
    issuer,
    jwks_uri: `${issuer}/${issuerDocuments.keys}`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    claims_supported: ["aud", "exp", "iat", "iss", "sub"],
  });
}

/**
 * The key with which tokens are verified, as JWKS (RFC 7517). It is named as the API server will name it in every token it signs: by
 * the digest of its DER form (kubernetes/kubernetes, `pkg/serviceaccount/jwt.go`: keyIDFromPublicKey).
 *
 * @param publicKey PEM, of RSA.
 */
export function keySet(publicKey: string): string {
  const key = createPublicKey(publicKey);
  const keyId = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64url");
  return JSON.stringify({ keys: [{ ...key.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" }] });
}
