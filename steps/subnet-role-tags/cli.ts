import { runWithJsonRequest } from "../../lib/run-main";
import { releaseSubnetRole, type RoleTagRelease } from "./release";

runWithJsonRequest((given) => releaseSubnetRole(given as RoleTagRelease));
