/** Removes the AWS and Pulumi settings of whoever runs the tests from a test file's process: no profile, session or backend of a developer decides a test. */
import { cleanEnvironment } from "../sandbox/environment";

const none = "/nonexistent";
process.env = { ...cleanEnvironment(process.env), AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none };
