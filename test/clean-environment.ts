import { cleanEnvironment } from "@okd-aws/sandbox/environment";
/** Removes the developer's AWS and Pulumi settings from a test file's process, so that no profile, session or backend can change a test's result. */

const none = "/nonexistent";
process.env = { ...cleanEnvironment(process.env), AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none };
