import { createHash, createPublicKey } from "node:crypto";

/**
 * Paths of the issuer's documents below its URL: the first according to OpenID Connect Discovery, section 4; the first document names the
 * second.
 */
export const issuerDocuments = { discovery: ".well-known/openid-configuration", keys: "keys.json" } as const;

/**
 * Audiences of the tokens. The components' tokens have the audience `openshift` (openshift/cloud-credential-operator,
 * `docs/sts.md`), applications' tokens have the audience of AWS STS.
 */
export const tokenAudiences = { components: "openshift", applications: "sts.amazonaws.com" } as const;

/** The document that AWS STS reads first: the issuer, and the URL of its keys (OpenID Connect Discovery, section 3). */
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
 * The key with which tokens are verified, as JWKS (RFC 7517). Its ID is the one that the API server puts into every token that it signs:
 * the digest of the key's DER form (kubernetes/kubernetes, `pkg/serviceaccount/jwt.go`: keyIDFromPublicKey).
 *
 * @param publicKey RSA public key in PEM format.
 */
export function keySet(publicKey: string): string {
  const key = createPublicKey(publicKey);
  const keyId = createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64url");
  return JSON.stringify({ keys: [{ ...key.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" }] });
}
