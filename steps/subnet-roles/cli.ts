import { runWithJsonRequest } from "../../lib/run-main";
import { release, type RoleTagRelease } from "./release";

runWithJsonRequest((given) => release(given as RoleTagRelease));
