import { runOwnProgram } from "../own-program";
import { forget, retire, type Retirement } from "./retire";

/** What `components/bootstrap-retirement.ts` asks for. */
export type RetirementRequest = Retirement & { readonly action: "retire" | "forget" };

runOwnProgram((given) => {
  const request = given as RetirementRequest;
  return request.action === "retire" ? retire(request) : forget(request);
});
