import { runOwnProgram } from "../../lib/own-program";
import { release, type RoleTagRelease } from "./release";

runOwnProgram((given) => release(given as RoleTagRelease));
