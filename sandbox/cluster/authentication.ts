/** Entry point `@okd-aws/sandbox/cluster/authentication`: the simulated OAuth server, its tokens, and the router's CA. */
export { issueToken } from "./access-token";
export { logInByFile } from "./htpasswd-login";
export { OAuthServer } from "./oauth-server";
export { routerCa } from "./router-ca";
export { answerTokenReviews, tokenReviewConfig } from "./token-review";
