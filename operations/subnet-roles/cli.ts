import { runOwnProgram } from "../own-program";
import { release, type RoleTagRelease } from "./release";

runOwnProgram((given) => release(given as RoleTagRelease));
