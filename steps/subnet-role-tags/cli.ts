import { runWithJsonRequest } from "../../lib/run-main";
import { removeRoleTag, type RoleTagRemoval } from "./removal";

runWithJsonRequest((given) => removeRoleTag(given as RoleTagRemoval));
