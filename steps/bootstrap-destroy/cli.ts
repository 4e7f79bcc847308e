import { runOwnProgram } from "../../lib/own-program";
import { forget, retire, type Retirement } from "./destroy";

/** The request of `components/bootstrap-destroy.ts`. */
export type RetirementRequest = Retirement & { readonly action: "retire" | "forget" };

runOwnProgram((given) => {
  const request = given as RetirementRequest;
  return request.action === "retire" ? retire(request) : forget(request);
});
